"""Seeing one booking as it truly is now, even if every background job is off."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.booking.domain.occasion import Occasion
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.ports import Bookings, Occasions, Page
from services.booking.use_cases.records import BookingRecord, BookingState
from services.booking.use_cases.standing import Standing, standing_of
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId


@dataclass(frozen=True, slots=True)
class SeeBooking:
    """A booking with its occasion. An offer whose time is out is shown as what it is: over."""

    bookings: Bookings
    see_occasion: SeeOccasion

    async def __call__(self, booking_id: BookingId, *, by: Actor) -> Standing:
        """Raises NotFound, also for somebody else's booking."""
        record = await self.bookings.read(booking_id, by=by)
        occasion = await self.see_occasion(record.occasion_id, by=by)
        if record.is_living and not _stands(record, occasion):
            record = await self.bookings.read(booking_id, by=by)
            occasion = await self.see_occasion(record.occasion_id, by=by)
        started = occasion.starts_at <= self.see_occasion.decisions.moment().now
        return replace(standing_of(record, occasion), started=started)


@dataclass(frozen=True, slots=True)
class SeeOccasion:
    """An occasion with everybody on it, with the offers that are alive now."""

    occasions: Occasions
    decisions: Decisions
    office: OfficeCalendar

    async def __call__(self, occasion_id: OccasionId, *, by: Actor) -> Occasion:
        """Raises NotFound."""
        occasion = await self.occasions.read(occasion_id, by=by)
        due = occasion.settles_at(self.office)
        if due is None or due > self.decisions.moment().now:
            return occasion
        await self.decisions.settle(occasion_id)
        return await self.occasions.read(occasion_id, by=by)


@dataclass(frozen=True, slots=True)
class ListBookings:
    """Bookings with where they stand, oldest first."""

    bookings: Bookings
    occasions: Occasions

    async def __call__(
        self,
        *,
        occasion_id: OccasionId | None,
        state: BookingState | None,
        flag: str | None,
        limit: int,
        offset: int,
        by: Actor,
    ) -> Page:
        """A page of standings."""
        page = await self.bookings.listed(
            occasion_id=occasion_id, state=state, flag=flag, limit=limit, offset=offset, by=by
        )
        ids = list({record.occasion_id for record in page.items})
        occasions = await self.occasions.read_many(ids, by=by)
        items = [standing_of(record, occasions[record.occasion_id]) for record in page.items]
        return Page(items, page.total)


def _stands(record: BookingRecord, occasion: Occasion) -> bool:
    return any(place.booking_id == record.id for place in occasion.places)
