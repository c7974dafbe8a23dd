"""Mailings between the worker that hands batches out, the queue, and the mailers that take them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.publishing.domain.limits import Key, Limit, limit_of
from services.publishing.domain.mailing import Stall
from services.publishing.house import SERVICE, House
from services.publishing.mailing.connection import MailServer
from services.publishing.mailing.mailer import Mailer
from services.publishing.mailing.means import Means
from services.publishing.mailing.ports import Found
from services.publishing.mailing.scribes import InThread, Scribes, Writes
from services.publishing.mailing.signing import DkimKey, dkim_key, seeded
from services.publishing.mailing.writing import Desk
from services.publishing.messaging.work import WorkQueue, receives
from services.publishing.settings import MailerSettings, SigningSettings
from services.publishing.storage.batches import MongoBatches
from services.publishing.storage.steering import MongoSteering
from services.publishing.storage.store_errors import as_store_errors
from services.publishing.storage.subscribers import MongoSubscribers
from services.publishing.use_cases.freeze_mailing import FreezeMailing
from services.publishing.use_cases.move_mailings_on import HandOutBatches, SettleMailings
from services.publishing.use_cases.steer_mailing import SteerMailing
from shared.broker.connection import Bus
from shared.house.worker import Tick
from shared.kernel.actor import housekeeping

_BY = housekeeping("mailer")


def mailing_ticks(house: House, bus: Bus) -> Sequence[Tick]:
    """What the worker does for mailings because time passes."""
    stores, ground = house.stores, house.ground
    freeze = FreezeMailing(
        stores.mailings,
        stores.batches,
        stores.newsletters,
        stores.lists,
        stores.subscribers,
        house.publish,
        house.letterhead,
        ground.transact,
        ground.clock,
    )
    give = WorkQueue(SERVICE, bus).give
    settle = SettleMailings(
        stores.mailings, stores.batches, ground.transact, house.tell, ground.clock
    )
    return (
        Tick(0.5, "freeze-mailings", freeze),
        Tick(0.25, "hand-out-batches", HandOutBatches(stores.mailings, stores.batches, give)),
        Tick(1.0, "settle-mailings", settle),
    )


def mailer_on(settings: MailerSettings, house: House, bus: Bus) -> Mailer:
    """A mailer that takes from the queue."""
    mailer = Mailer(means_of(settings, house))
    bus.listen(WorkQueue(SERVICE, bus).queue, receives(mailer.take))
    return mailer


def means_of(settings: MailerSettings, house: House) -> Means:
    """What a mailer works with, but for the queue."""
    stores, database = house.stores, house.ground.database
    desk = Desk(house.stamps, settings.bounces_to, signing_keys(settings))
    # Children share memory with us that has no name, as Linux alone gives it.
    apart = settings.scribes if sys.platform == "linux" else 0
    writes: Writes = Scribes(desk, apart) if apart else InThread(desk)
    return Means(
        ledgers=MongoBatches(database, timedelta(seconds=settings.batch_lease)),
        contents=stores.contents,
        readers=_Readers(stores.subscribers),
        steering=MongoSteering(database, stores.leavings),
        trouble=_Trouble(house.steer),
        moments=stores.mail_limits,
        writes=writes,
        server=MailServer(
            settings.smtp_host, settings.smtp_port, settings.newsletter_from.rpartition("@")[2]
        ),
        connections=settings.connections,
        limit_of=_limits(settings.mail_limits),
    )


@dataclass(frozen=True, slots=True)
class _Readers:
    """Subscribers as a mailer asks for them."""

    subscribers: MongoSubscribers

    async def of(self, ids: Sequence[bytes], list_id: str) -> Found:
        with as_store_errors():
            return await self.subscribers.readers(ids, list_id, by=_BY)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What a mailer says of a mailing."""

    steer: SteerMailing

    async def stall(self, mailing_id: str, cause: Stall) -> None:
        with as_store_errors():
            await self.steer.stall(mailing_id, cause)

    async def mended(self, cause: Stall) -> None:
        with as_store_errors():
            await self.steer.mended(cause)


def signing_keys(settings: SigningSettings) -> Sequence[DkimKey]:
    """None where the mail server signs."""
    if settings.dkim == "off":
        return ()
    domain = settings.newsletter_from.rpartition("@")[2]
    keys = [seeded(domain, settings.dkim_selector, settings.dkim_key)]
    if settings.dkim_rsa_pem is not None:
        pem = settings.dkim_rsa_pem.get_secret_value().encode()
        keys.append(dkim_key(domain, settings.dkim_rsa_selector, pem))
    return keys


def _limits(written: Mapping[str, str]) -> Callable[[Key], Limit | None]:
    """By scope, or by scope and name, which comes first."""
    known = {name: limit_of(text) for name, text in written.items()}

    def found(key: Key) -> Limit | None:
        return known.get(f"{key.scope}:{key.name}") or known.get(key.scope)

    return found
