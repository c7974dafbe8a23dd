"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.booking.domain.office_days import malmo_office
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.storage.indexes import make_indexes
from services.booking.storage.ledger import MongoLedger
from services.booking.storage.stores import Stores
from services.booking.use_cases.answer_offer import AnswerOffer
from services.booking.use_cases.cancel_booking import CancelBooking
from services.booking.use_cases.change_head_count import ChangeHeadCount
from services.booking.use_cases.contact_cards import ContactCards
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.hold_room import ReleaseHold
from services.booking.use_cases.move_booking import MoveBooking
from services.booking.use_cases.ports import Tell
from services.booking.use_cases.room_ports import TellRoom
from services.booking.use_cases.see_booking import SeeBooking, SeeOccasion
from services.booking.use_cases.together import Alone, Gathered
from shared.house.ground import Ground
from shared.privacy.sealing import KnownKeys

SERVICE = "booking"
UnsafeLedger = Callable[[Ground, OfficeCalendar], MongoLedger]
"""Makes the ledger of the race test's negative control."""


@dataclass(frozen=True, slots=True)
class House:
    """One of each: what both processes ask, on the ground that every service has."""

    ground: Ground
    stores: Stores
    office: OfficeCalendar
    keys: KnownKeys
    cards: ContactCards
    decisions: Decisions
    see_occasion: SeeOccasion
    see: SeeBooking
    cancel: CancelBooking
    head_count: ChangeHeadCount
    move: MoveBooking
    answer: AnswerOffer
    release_hold: ReleaseHold

    async def make_indexes(self) -> None:
        """Make what is missing; every process may."""
        await self.ground.make_indexes()
        await make_indexes(self.ground.database)

    async def ready(self) -> Mapping[str, bool]:
        """The HTTP process needs its primary, and a key to seal contact cards with."""
        well = await self.ground.ready()
        return {**well, "sealing-key": all(well.values()) and await self.cards.ready()}

    def close(self) -> None:
        """Let go of the database."""
        self.ground.close()


def build_house(
    ground: Ground, tell: Tell, released: TellRoom, *, unsafe: UnsafeLedger | None = None
) -> House:
    """`unsafe` makes another ledger, without the version check: in one test, locally."""
    stores, office = Stores.of(ground.database), malmo_office()
    keys = KnownKeys(ground.database)
    ledger = unsafe(ground, office) if unsafe else MongoLedger(ground.database, office, ground.once)
    decisions = Decisions(ledger, tell, ground.clock, office, combine=Alone if unsafe else Gathered)
    see_occasion = SeeOccasion(stores.occasions, decisions, office)
    return House(
        ground=ground,
        stores=stores,
        office=office,
        keys=keys,
        cards=ContactCards(keys),
        decisions=decisions,
        see_occasion=see_occasion,
        see=SeeBooking(stores.bookings, see_occasion),
        cancel=CancelBooking(stores.bookings, decisions, ground.people),
        head_count=ChangeHeadCount(stores.bookings, decisions),
        move=MoveBooking(stores.bookings, decisions),
        answer=AnswerOffer(stores.bookings, decisions),
        release_hold=ReleaseHold(stores.rooms, decisions, released),
    )
