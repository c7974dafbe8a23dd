"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.settings import HttpSettings, WorkerSettings
from services.notifications.storage.fingerprints import Fingerprints
from services.notifications.storage.stores import Stores
from services.notifications.use_cases.conclude_delivery import ConcludeDelivery
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import Tell
from services.notifications.use_cases.withdraw_message import WithdrawMessage
from services.notifications.use_cases.write_letter import WriteLetter
from shared.delivery.outbox import Outbox
from shared.kernel.clock import Clock
from shared.mongo.client import connect, database_of
from shared.privacy.sealing import SealingKeys
from shared.privacy.vault import Vault

SERVICE = "notifications"


@dataclass(frozen=True, slots=True)
class House:
    """One of each."""

    stores: Stores
    numbers: Fingerprints
    sealing: SealingKeys
    outbox: Outbox
    tell: Tell
    clock: Clock
    plan: PlanDeliveries
    withdraw: WithdrawMessage
    conclude: ConcludeDelivery
    write: WriteLetter
    front_door: str


def build_house(
    settings: HttpSettings | WorkerSettings, tell_through: Callable[[Outbox], Tell], clock: Clock
) -> House:
    """Connects when first used."""
    url, keys_url = (
        secret.get_secret_value() for secret in (settings.mongodb_url, settings.keys_mongodb_url)
    )
    database = database_of(connect(url), url)
    keys = database_of(connect(keys_url), keys_url)
    stores = Stores(database, keys, Vault(keys, settings.master_key))
    outbox = Outbox(database)
    tell = tell_through(outbox)
    quiet = QuietHours(on=settings.quiet_hours == "on")
    deliveries = PlanDeliveries(stores.messages, stores.deliveries, tell, quiet, clock)
    return House(
        stores=stores,
        numbers=Fingerprints(settings.fingerprint_key),
        sealing=SealingKeys(keys, settings.master_key),
        outbox=outbox,
        tell=tell,
        clock=clock,
        plan=deliveries,
        withdraw=WithdrawMessage(stores.messages, stores.deliveries),
        conclude=ConcludeDelivery(
            stores.cards, stores.messages, stores.deliveries, deliveries, tell
        ),
        write=WriteLetter(stores.offers, settings.front_door, settings.mail_from),
        front_door=settings.front_door,
    )
