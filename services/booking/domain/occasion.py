"""The aggregate: an occasion and every decision about its places.

A decision takes `now` (aware), the office calendar and a supply of ids for new offers, and answers
with the occasion as it is afterwards and the facts of what happened, in order. The occasion that
comes back *is* the one that was asked (same object) when nothing changed, so there is nothing to
save. A refusal is raised and changes nothing, not even what `settle` would have done: settle and
save for its own sake if the refused one found something due.

Every decision first settles: an offer whose deadline has passed is dead even if no background job
ever looks at it. Decisions may be chained on the occasion that comes back and saved as one.

`publishing.publish` makes an occasion; `moving.move` moves a booking between two of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.booking.domain import (
    attendance,
    cancelling,
    head_count,
    limits,
    line,
    offers,
    reinstating,
    reminding,
    requesting,
)
from services.booking.domain.changing import (
    TIME_AND_PLACE,
    Changes,
    apply,
    tell_larger_than_room,
    tell_time_or_place,
)
from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import Fact, OccasionCancelled, OccasionChanged
from services.booking.domain.occasion_state import OccasionState
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.place import Attendance, Place
from services.booking.domain.requesting import WhenFull
from services.booking.domain.rules import (
    OccasionIsCancelled,
    OccasionIsOver,
)
from shared.kernel.ids import BookingId, OccasionId, OfferId, RecipientId

OfferIds = Callable[[], str]
Decided = tuple["Occasion", tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Occasion(OccasionState):
    """An occasion that can be decided about; what each decision refuses, its own room says."""

    def settle(self, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds) -> Decided:
        """Let time do its work: end dead offers, make those that are due, and close the line.

        Never refuses.
        """
        return _close(self, self._open(now, office, offer_ids))

    def request(
        self,
        booking_id: BookingId,
        recipient_id: RecipientId,
        size: int,
        *,
        when_full: WhenFull,
        flags: tuple[str, ...] = (),
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> Decided:
        """A new party asks for places: confirmed, put in line (`wait`) or refused (`refuse`)."""
        deciding = self._open_living(now, office, offer_ids)
        requesting.request(deciding, booking_id, recipient_id, size, when_full, flags)
        return _close(self, deciding)

    def accept(
        self, offer_id: OfferId, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
    ) -> Decided:
        """Yes to an offer. Yes again to the offer that one was confirmed through is quiet."""
        deciding = self._open(now, office, offer_ids)
        offers.accept(deciding, offer_id)
        return _close(self, deciding)

    def decline(
        self, offer_id: OfferId, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
    ) -> Decided:
        """No to an offer: the party leaves the line. No again is quiet."""
        deciding = self._open(now, office, offer_ids)
        offers.decline(deciding, offer_id)
        return _close(self, deciding)

    def cancel(
        self,
        booking_id: BookingId,
        reason: str,
        *,
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> Decided:
        """A party leaves, whatever it has; `reason` is a code or staff's own words."""
        deciding = self._open(now, office, offer_ids)
        cancelling.cancel(deciding, booking_id, reason)
        return _close(self, deciding)

    def reinstate(
        self, left: Place, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
    ) -> Decided:
        """A party that cancelled is back: `left` is its place as it was."""
        deciding = self._open_living(now, office, offer_ids)
        reinstating.reinstate(deciding, left)
        return _close(self, deciding)

    def remind(
        self, booking_id: BookingId, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
    ) -> Decided:
        """A party is to be reminded today, because staff want it."""
        deciding = self._open_living(now, office, offer_ids)
        reminding.remind(deciding, booking_id, self.zone)
        return _close(self, deciding)

    def change_head_count(
        self,
        booking_id: BookingId,
        size: int,
        *,
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> Decided:
        """A party becomes `size` people."""
        deciding = self._open(now, office, offer_ids)
        head_count.change_head_count(deciding, booking_id, size)
        return _close(self, deciding)

    def move_in_line(
        self,
        booking_id: BookingId,
        position: int,
        *,
        reason: str,
        by: str,
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> Decided:
        """Staff (`by`, an actor's id) put a waiting party at a position, from 1, and say why."""
        deciding = self._open(now, office, offer_ids)
        line.move_in_line(deciding, booking_id, position, reason, by)
        return _close(self, deciding)

    def leave_for_move(
        self,
        booking_id: BookingId,
        *,
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> tuple[Occasion, Place, tuple[Fact, ...]]:
        """One half of a move: the party's place as it was; the other half tells of the move."""
        deciding = self._open(now, office, offer_ids)
        place = cancelling.leave(deciding, booking_id)
        offers.offer_what_is_free(deciding)
        left, _ = _close(self, deciding)
        return left, place, tuple(deciding.facts)

    def join_by_move(
        self,
        place: Place,
        *,
        from_occasion_id: OccasionId,
        when_full: WhenFull,
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> Decided:
        """The other half: the party stands last here, confirmed, waiting or refused."""
        deciding = self._open_living(now, office, offer_ids)
        requesting.join_by_move(deciding, place, from_occasion_id, when_full)
        return _close(self, deciding)

    def record_attendance(
        self,
        booking_id: BookingId,
        came: Attendance | None,
        *,
        now: datetime,
        office: OfficeCalendar,
        offer_ids: OfferIds,
    ) -> Decided:
        """So many of a confirmed party came; None: nobody has counted after all."""
        deciding = self._open(now, office, offer_ids)
        attendance.record_attendance(deciding, booking_id, came)
        return _close(self, deciding)

    def change(
        self, changes: Changes, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
    ) -> Decided:
        """New capacity, time, room, leaders or words; what that frees goes to the line.

        Each party is told of another time or room.
        """
        settled, before = _close(self, self._open_living(now, office, offer_ids))
        changed, names = apply(settled, changes, now)
        if not names:
            return settled, before
        sequence = changed.sequence + 1
        changed = replace(changed, sequence=sequence)
        deciding = _surface(changed, now, office, offer_ids)
        deciding.facts.append(
            OccasionChanged(occasion_id=self.id, sequence=sequence, changed=names)
        )
        tell_larger_than_room(deciding, settled.capacity)
        offers.bring_deadlines_forward(deciding)
        offers.settle(deciding)
        if TIME_AND_PLACE.intersection(names):
            tell_time_or_place(deciding, settled)
        after, facts = _close(changed, deciding)
        return after, before + facts

    def cancel_occasion(
        self, reason: str, *, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
    ) -> Decided:
        """It will not take place, and says why; everybody is told. Repeated: quiet.

        Raises ReasonMissing, TextTooLong, or OccasionIsOver once it has been.
        """
        said = limits.ensure_reason(reason)
        if self.cancelled is not None:
            return self, ()
        if now >= self.ends_at:
            raise OccasionIsOver
        deciding = _surface(self, now, office, offer_ids)
        sequence = self.sequence + 1
        deciding.facts.append(
            OccasionCancelled(occasion_id=self.id, sequence=sequence, reason=said)
        )
        cancelling.cancel_everybody(deciding, said)
        return _close(replace(self, cancelled=said, sequence=sequence), deciding)

    def _open_living(self, now: datetime, office: OfficeCalendar, offer_ids: OfferIds) -> Deciding:
        if self.cancelled is not None:
            raise OccasionIsCancelled
        return self._open(now, office, offer_ids)

    def _open(self, now: datetime, office: OfficeCalendar, offer_ids: OfferIds) -> Deciding:
        deciding = _surface(self, now, office, offer_ids)
        offers.settle(deciding)
        return deciding


def _surface(
    occasion: Occasion, now: datetime, office: OfficeCalendar, offer_ids: OfferIds
) -> Deciding:
    if now.tzinfo is None:
        raise ValueError("now is aware")
    return Deciding(
        occasion_id=occasion.id,
        capacity=occasion.capacity,
        starts_at=occasion.starts_at,
        now=now,
        office=office,
        offer_ids=offer_ids,
        places=list(occasion.places),
        ended_offers=list(occasion.ended_offers),
        facts=[],
    )


def _close(occasion: Occasion, deciding: Deciding) -> Decided:
    # A party that leaves for another occasion is told of there, so look at the places too.
    if not deciding.facts and len(deciding.places) == len(occasion.places):
        return occasion, ()
    places, ended = tuple(deciding.places), tuple(deciding.ended_offers)
    return replace(occasion, places=places, ended_offers=ended), tuple(deciding.facts)
