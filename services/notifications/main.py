"""The composition root: `python -m services.notifications.main http|worker`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta

from services.notifications.channels.dispatcher import Dispatcher
from services.notifications.channels.elks import Elks, elks_client
from services.notifications.channels.mail import Mail
from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.reconciling import Patience
from services.notifications.house import SERVICE, House, build_house
from services.notifications.messaging.incoming import Incoming
from services.notifications.messaging.telling import tell_through
from services.notifications.settings import HttpSettings, WorkerSettings
from services.notifications.storage.waking import deliveries_changed
from services.notifications.use_cases.forget_person import ForgetPerson
from services.notifications.use_cases.give_up_waiting import GiveUpWaiting
from services.notifications.use_cases.keep_card import KeepCard
from services.notifications.use_cases.ports import Courier
from services.notifications.use_cases.remind import Remind
from services.notifications.use_cases.remind_when_asked import RemindWhenAsked
from services.notifications.use_cases.resolve_delivery import ResolveDelivery
from services.notifications.use_cases.send_delivery import SendDelivery
from services.notifications.use_cases.tell_of_booking import TellOfBooking
from services.notifications.use_cases.tell_staff import TellStaff
from shared.contracts.cards import NotificationsSealingKeyAnnounced
from shared.delivery.clockwork import every
from shared.delivery.sealed_bodies import opener
from shared.house.announcing import AnnounceSealingKey
from shared.house.ground import ground_of
from shared.house.processes import run_http, run_the_one_asked_for, run_worker
from shared.house.worker import Tick, Worker
from shared.kernel.clock import Clock


def house_of(settings: HttpSettings | WorkerSettings, clock: Clock | None = None) -> House:
    """Stores, keys, and what both processes share."""
    return build_house(ground_of(SERVICE, settings, clock), settings, tell_through)


def incoming_of(house: House) -> Incoming:
    """The handlers of events."""
    stores = house.stores
    return Incoming(
        KeepCard(
            opener(house.sealing),
            stores.cards,
            stores.messages,
            stores.offers,
            house.plan,
            house.numbers,
        ),
        ForgetPerson(
            stores.cards,
            stores.messages,
            stores.deliveries,
            stores.offers,
            stores.reminders,
            stores.stories,
            stores.holdings,
            house.tell,
        ),
        TellOfBooking(
            stores.cards,
            stores.stories,
            stores.messages,
            stores.offers,
            stores.reminders,
            house.plan,
            house.withdraw,
            house.ground.clock,
        ),
        TellStaff(stores.cards, house.plan),
        RemindWhenAsked(
            stores.cards, stores.stories, stores.messages, house.plan, house.ground.clock
        ),
    )


def _send(house: House, couriers: Mapping[Channel, Courier]) -> SendDelivery:
    stores = house.stores
    return SendDelivery(
        stores.cards,
        stores.messages,
        stores.deliveries,
        couriers,
        house.write,
        house.conclude,
        house.withdraw,
        house.ground.transact,
        house.ground.clock,
        random.random,
    )


def _remind(house: House) -> Remind:
    stores = house.stores
    return Remind(
        stores.reminders,
        stores.stories,
        stores.cards,
        stores.messages,
        house.plan,
        house.ground.transact,
        house.ground.clock,
    )


class Sending:
    """The delivery queue's engine and the clockwork, without the broker."""

    def __init__(self, settings: WorkerSettings, house: House) -> None:
        stores = house.stores
        password = settings.elks_password.get_secret_value()
        self._client = elks_client(settings.elks_url, settings.elks_user, password)
        door = settings.front_door.rstrip("/")
        secret = settings.callback_secret.get_secret_value()
        callback_url = f"{door}/callbacks/46elks/{secret}/delivery"
        elks = Elks(self._client, sender=settings.sms_from, callback_url=callback_url)
        self._mail = Mail(
            settings.smtp_host,
            settings.smtp_port,
            sender=settings.mail_from,
            connections=settings.emails_at_once,
        )
        self.send = _send(house, {"sms": elks, "email": self._mail})
        patience = Patience(
            timedelta(seconds=settings.none_means_retry),
            timedelta(seconds=settings.until_uncertain),
            timedelta(seconds=settings.look_again),
        )
        self.resolve = ResolveDelivery(
            stores.cards, stores.deliveries, house.numbers, elks, self.send, patience
        )
        self.remind = _remind(house)
        self.give_up = GiveUpWaiting(
            stores.messages,
            house.tell,
            house.ground.transact,
            timedelta(seconds=settings.wait_for_card),
        )
        self.dispatcher = Dispatcher(
            stores.deliveries,
            self.send,
            house.ground.clock,
            at_once={"sms": settings.sms_at_once, "email": settings.emails_at_once},
            lease=timedelta(seconds=settings.send_lease),
            woken=lambda: deliveries_changed(house.ground.database),
        )

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.dispatcher.run())
            group.create_task(every(1.0, "resolve", self.resolve))
            group.create_task(every(1.0, "remind", self.remind))
            group.create_task(every(5.0, "give-up-waiting", self.give_up))

    async def close(self) -> None:
        """Let go of the provider and the mail server."""
        await self._client.aclose()
        await self._mail.close()


def worker_of(settings: WorkerSettings, house: House) -> Worker:
    """Listens, tells, sends, reminds."""
    sending = Sending(settings, house)
    announce = AnnounceSealingKey(house.ground, house.sealing, NotificationsSealingKeyAnnounced)
    return Worker(
        settings,
        house,
        incoming_of(house).handlers(),
        first=(lambda: announce(at_start=True),),
        ticks=(Tick(3600.0, "announce", announce),),
        beside=(sending.run,),
        last=(sending.close,),
    )


def http() -> None:
    """The API."""
    from services.notifications.api.app import make_http

    run_http(SERVICE, HttpSettings(), lambda settings: make_http(settings, house_of(settings)))


def worker() -> None:
    """Events, sending and time."""
    run_worker(SERVICE, WorkerSettings(), lambda settings: worker_of(settings, house_of(settings)))


if __name__ == "__main__":
    run_the_one_asked_for(http=http, worker=worker)
