"""Who is to come, and who has: what somebody at the door counts by."""

from __future__ import annotations

from dataclasses import dataclass

from services.booking.domain.occasion import Occasion
from services.booking.domain.party import Party
from services.booking.domain.place import Attendance
from services.booking.use_cases.ports import Bookings
from services.booking.use_cases.read_needs import leads
from services.booking.use_cases.see_booking import SeeOccasion
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.kernel.refusal import Forbidden

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Expected:
    """A party with places, and how many of it came, once that is counted."""

    booking_id: BookingId
    party: Party
    attended: Attendance | None


@dataclass(frozen=True, slots=True)
class SeeAttendance:
    """The parties that have places, in the order in which they booked, and who has come so far.

    For the desk, and for the occasion's own leaders; no names, as none are kept.
    """

    see_occasion: SeeOccasion
    bookings: Bookings

    async def __call__(
        self, occasion_id: OccasionId, *, by: Actor
    ) -> tuple[Occasion, list[Expected]]:
        """Raises NotFound, or Forbidden for a leader of another occasion."""
        occasion = await self.see_occasion(occasion_id, by=by)
        if not by.has("coordinator") and not leads(by, occasion.leaders):
            raise Forbidden
        page = await self.bookings.listed(
            occasion_id=occasion_id, state="confirmed", flag=None, limit=_MOST, offset=0, by=by
        )
        came = {place.booking_id: place.attended for place in occasion.places}
        items = [Expected(each.id, each.party, came.get(each.id)) for each in page.items]
        return occasion, items
