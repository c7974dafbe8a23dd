"""Special needs: readable by the leaders of that very occasion, each reading leaving a trace."""

from __future__ import annotations

from dataclasses import dataclass

from services.booking.spreadsheets.leaders import username_of
from services.booking.use_cases.ask_for_places import NEEDS, needs_record
from services.booking.use_cases.ports import Bookings, Occasions, People
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.kernel.refusal import Forbidden


@dataclass(frozen=True, slots=True, repr=False)
class Needs:
    """What one party needs, in its own words."""

    booking_id: BookingId
    text: str


@dataclass(frozen=True, slots=True)
class ReadNeeds:
    """What the parties of an occasion need (wheelchair, allergy, interpreter …).

    For the occasion's own facilitators and nobody else. The trace is written before the answer.
    """

    occasions: Occasions
    bookings: Bookings
    people: People
    audit: Audit

    async def __call__(self, occasion_id: OccasionId, *, by: Actor) -> list[Needs]:
        """Raises NotFound, Forbidden or AuditUnavailable."""
        occasion = await self.occasions.read(occasion_id, by=by)
        if not leads(by, occasion.leaders):
            await self.audit.refuse(
                by,
                subjects=[occasion_id],
                fields=[NEEDS],
                purpose=Purpose.GROUP_NEEDS,
                rule="not-a-leader",
                refusal=Forbidden(),
            )
        return await self.audit.open(
            by,
            await self._needs_at(occasion_id, by),
            purpose=Purpose.GROUP_NEEDS,
            rule="leads-the-occasion",
            reference=occasion_id,
        )

    async def _needs_at(self, occasion_id: OccasionId, by: Actor) -> Sealed[list[Needs]]:
        records = await self.bookings.with_needs(occasion_id, by=by)
        opened = await self.people.open_many(
            [
                (record.recipient_id, record.needs or {}, needs_record(record.recipient_id))
                for record in records
            ]
        )
        needs = [
            Needs(record.id, fields[NEEDS])
            for record, fields in zip(records, opened, strict=True)
            if fields is not None
        ]
        return Sealed(needs, subjects=[each.booking_id for each in needs], fields=[NEEDS])


def leads(actor: Actor, leaders: tuple[str, ...]) -> bool:
    """Whether the actor is a facilitator named among the leaders (names fold to user names)."""
    mine = actor.username.casefold()
    return (
        actor.has("facilitator")
        and bool(mine)
        and mine in {username_of(leader) for leader in leaders}
    )
