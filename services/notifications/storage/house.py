"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.notifications.domain.quiet_hours import QuietHours
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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a house is built from: addresses with passwords, and keys."""

    mongodb_url: str = field(repr=False)
    keys_mongodb_url: str = field(repr=False)
    master_key: bytes = field(repr=False)
    fingerprint_key: bytes = field(repr=False)
    mail_from: str
    front_door: str
    quiet_hours: bool


def build_house(plan: Plan, tell_through: Callable[[Outbox], Tell], clock: Clock) -> House:
    """Connects when first used."""
    database = database_of(connect(plan.mongodb_url), plan.mongodb_url)
    keys = database_of(connect(plan.keys_mongodb_url), plan.keys_mongodb_url)
    stores = Stores(database, keys, Vault(keys, plan.master_key))
    outbox = Outbox(database)
    tell = tell_through(outbox)
    quiet = QuietHours(on=plan.quiet_hours)
    deliveries = PlanDeliveries(stores.messages, stores.deliveries, tell, quiet, clock)
    return House(
        stores=stores,
        numbers=Fingerprints(plan.fingerprint_key),
        sealing=SealingKeys(keys, plan.master_key),
        outbox=outbox,
        tell=tell,
        clock=clock,
        plan=deliveries,
        withdraw=WithdrawMessage(stores.messages, stores.deliveries),
        conclude=ConcludeDelivery(
            stores.cards, stores.messages, stores.deliveries, deliveries, tell
        ),
        write=WriteLetter(stores.offers, plan.front_door, plan.mail_from),
        front_door=plan.front_door,
    )
