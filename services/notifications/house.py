"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.settings import HouseSettings
from services.notifications.storage.fingerprints import Fingerprints
from services.notifications.storage.indexes import make_indexes
from services.notifications.storage.stores import Stores
from services.notifications.use_cases.conclude_delivery import ConcludeDelivery
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import Tell
from services.notifications.use_cases.withdraw_message import WithdrawMessage
from services.notifications.use_cases.write_letter import WriteLetter
from shared.delivery.outbox import Outbox
from shared.house.ground import Ground
from shared.privacy.sealing import SealingKeys

SERVICE = "notifications"


@dataclass(frozen=True, slots=True)
class House:
    """One of each: what both processes ask, on the ground that every service has."""

    ground: Ground
    stores: Stores
    numbers: Fingerprints
    sealing: SealingKeys
    tell: Tell
    plan: PlanDeliveries
    withdraw: WithdrawMessage
    conclude: ConcludeDelivery
    write: WriteLetter

    async def make_indexes(self) -> None:
        """Make what is missing; every process may."""
        await self.ground.make_indexes()
        await make_indexes(self.ground.database)

    async def ready(self) -> Mapping[str, bool]:
        """The HTTP process needs its primary, and neither broker nor provider."""
        return await self.ground.ready()

    def close(self) -> None:
        """Let go of the database."""
        self.ground.close()


def build_house(
    ground: Ground, settings: HouseSettings, tell_through: Callable[[Outbox], Tell]
) -> House:
    """`tell_through` is the use cases' way to the outbox; it belongs to messaging."""
    stores, tell = Stores.of(ground.database, ground.people), tell_through(ground.outbox)
    quiet = QuietHours(on=settings.quiet_hours == "on")
    plan = PlanDeliveries(stores.messages, stores.deliveries, tell, quiet, ground.clock)
    return House(
        ground=ground,
        stores=stores,
        numbers=Fingerprints(settings.fingerprint_key),
        sealing=SealingKeys(ground.keys, settings.master_keys),
        tell=tell,
        plan=plan,
        withdraw=WithdrawMessage(stores.messages, stores.deliveries),
        conclude=ConcludeDelivery(stores.cards, stores.messages, stores.deliveries, plan, tell),
        write=WriteLetter(stores.offers, settings.front_door, settings.mail_from),
    )
