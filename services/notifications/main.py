"""The composition root: `python -m services.notifications.main http|worker`."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Mapping
from datetime import timedelta

from services.notifications.channels.dispatcher import Dispatcher
from services.notifications.channels.elks import Elks, elks_client
from services.notifications.channels.mail import Mail
from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.reconciling import Patience
from services.notifications.house import SERVICE, House, build_house
from services.notifications.messaging.announcing import AnnounceSealingKey
from services.notifications.messaging.incoming import Incoming
from services.notifications.messaging.telling import tell_through
from services.notifications.settings import HttpSettings, WorkerSettings
from services.notifications.storage.announced import MongoAnnounced
from services.notifications.storage.waking import deliveries_changed
from services.notifications.use_cases.forget_person import ForgetPerson
from services.notifications.use_cases.give_up_waiting import GiveUpWaiting
from services.notifications.use_cases.keep_card import KeepCard
from services.notifications.use_cases.ports import Courier
from services.notifications.use_cases.remind import Remind
from services.notifications.use_cases.resolve_delivery import ResolveDelivery
from services.notifications.use_cases.send_delivery import SendDelivery
from services.notifications.use_cases.tell_of_booking import TellOfBooking
from shared.broker.connection import make_broker
from shared.delivery.clockwork import every
from shared.delivery.process import run_worker
from shared.delivery.sealed_bodies import opener
from shared.delivery.worker import DeliveryWorker
from shared.kernel.clock import Clock, ShiftedClock
from shared.observability import logging
from shared.observability.health import health_app
from shared.observability.tracing import set_up_tracing
from shared.web.serving import served


def house_of(settings: HttpSettings | WorkerSettings, clock: Clock | None = None) -> House:
    """Stores, keys, and what both processes share."""
    return build_house(settings, tell_through, clock or ShiftedClock(settings.clock_file))


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
        ),
        TellOfBooking(
            stores.cards,
            stores.stories,
            stores.messages,
            stores.offers,
            stores.reminders,
            house.plan,
            house.withdraw,
            house.clock,
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
        stores.transact,
        house.clock,
        random.random,
    )


def _remind(house: House) -> Remind:
    stores = house.stores
    return Remind(
        stores.reminders,
        stores.stories,
        stores.cards,
        house.plan,
        stores.transact,
        house.clock,
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
            stores.transact,
            timedelta(seconds=settings.wait_for_card),
        )
        self.dispatcher = Dispatcher(
            stores.deliveries,
            self.send,
            house.clock,
            at_once={"sms": settings.sms_at_once, "email": settings.emails_at_once},
            lease=timedelta(seconds=settings.send_lease),
            woken=lambda: deliveries_changed(stores.database),
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


class Worker:
    """The whole worker: listens, tells, sends, reminds. For the process and for tests."""

    def __init__(self, settings: WorkerSettings, house: House) -> None:
        self.house = house
        self.sending = Sending(settings, house)
        bus = make_broker(settings.amqp_urls, user=SERVICE)
        handlers = incoming_of(house).handlers()
        self.delivery = DeliveryWorker(SERVICE, house.stores.database, bus, handlers)
        self._health = (settings.http_host, settings.metrics_port)
        self._announce = AnnounceSealingKey(
            house.sealing, MongoAnnounced(house.stores.database), house.outbox, house.stores
        )

    async def run(self) -> None:
        """Until cancelled, or until something says that a fresh start is needed."""
        await self.house.stores.ensure_indexes()
        await self._announce(at_start=True)
        try:
            health = served(health_app(self.delivery.ready), *self._health)
            async with health, asyncio.TaskGroup() as group:
                group.create_task(self.sending.run())
                group.create_task(every(3600.0, "announce", self._announce))
                group.create_task(self.delivery.run())
        finally:
            await self.delivery.stop(drain_for=1.0)
            await self.sending.close()
            self.house.stores.close()


def http() -> None:
    """Serve the API until told to stop."""
    from services.notifications.api.app import make_http
    from shared.web.serving import serve

    settings = HttpSettings()
    logging.set_up(settings.profile, SERVICE, "http")
    set_up_tracing(SERVICE, "http")
    serve(make_http(settings, house_of(settings)), settings)


def worker() -> None:
    """Listen, send and remind until told to stop."""
    settings = WorkerSettings()
    run_worker(SERVICE, settings, lambda: Worker(settings, house_of(settings)).run())


if __name__ == "__main__":
    {"http": http, "worker": worker}[sys.argv[1]]()
