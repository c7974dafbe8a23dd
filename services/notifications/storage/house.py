"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.settings import Stored
from services.notifications.storage.fingerprints import Fingerprints
from services.notifications.storage.stores import Stores
from services.notifications.use_cases.conclude_delivery import ConcludeDelivery
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import Tell
from services.notifications.use_cases.withdraw_message import WithdrawMessage
from services.notifications.use_cases.write_letter import WriteLetter
from shared.delivery.outbox import Outbox
from shared.kernel.clock import Clock, ShiftedClock
from shared.mongo.client import connect, database_of
from shared.privacy.sealing import SealingKeys
from shared.privacy.vault import Vault
from shared.privacy.wrapping import key_from_base64


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
    settings: Stored,
    front_door: str,
    tell_through: Callable[[Outbox], Tell],
    clock: Clock | None = None,
) -> House:
    """Connects when first used."""
    url = settings.mongodb_url.get_secret_value()
    keys_url = settings.keys_mongodb_url.get_secret_value()
    master = key_from_base64(settings.master_key.get_secret_value())
    database = database_of(connect(url), url)
    keys = database_of(connect(keys_url), keys_url)
    stores = Stores(database, keys, Vault(keys, master))
    outbox = Outbox(database)
    tell = tell_through(outbox)
    clock = clock or ShiftedClock(settings.clock_file)
    quiet = QuietHours(on=settings.quiet_hours == "on")
    plan = PlanDeliveries(stores.messages, stores.deliveries, tell, quiet, clock)
    return House(
        stores=stores,
        numbers=Fingerprints(key_from_base64(settings.fingerprint_key.get_secret_value())),
        sealing=SealingKeys(database, master),
        outbox=outbox,
        tell=tell,
        clock=clock,
        plan=plan,
        withdraw=WithdrawMessage(stores.messages, stores.deliveries),
        conclude=ConcludeDelivery(stores.cards, stores.messages, stores.deliveries, plan, tell),
        write=WriteLetter(stores.offers, front_door, settings.mail_from),
        front_door=front_door,
    )
