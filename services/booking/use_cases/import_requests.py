"""Schools' requests become bookings, in the order in which they came in. Again changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.booking.domain.occasion import Occasion
from services.booking.spreadsheets.report import Report
from services.booking.spreadsheets.request_file import RequestFile
from services.booking.spreadsheets.season_file import alike
from services.booking.use_cases.ask_for_places import NEEDS, needs_record
from services.booking.use_cases.contact_cards import ContactCards
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.find_wanted import Choice, choice_among
from services.booking.use_cases.ports import Bookings, Occasions, People
from services.booking.use_cases.records import BookingRecord
from services.booking.use_cases.request_rows import (
    KNOWN,
    RowParty,
    Stands,
    as_known,
    found,
    meant,
    note,
    party_of,
    seen_before,
    trouble_with,
    wish_for,
)
from services.booking.use_cases.wishes import Wish
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId, RecipientId, new_id
from shared.kernel.refusal import Refusal
from shared.privacy.link_secret import Link, new_link

_LOOK_UP = 50
"""Rows planned between two tellings of how far it is."""
_CHUNK = 250
_AT_ONCE = 4


@dataclass(slots=True)
class _Plan:
    """Where each row goes, and what would come of it if nobody else booked meanwhile."""

    parties: list[RowParty]
    choice: Choice
    occasions: dict[OccasionId, Occasion]
    booked: dict[BookingId, BookingRecord]
    met: set[BookingId] = field(default_factory=set)
    goes: list[tuple[RowParty, OccasionId]] = field(default_factory=list)
    would: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportRequests:
    """Book schools' requests: the first are confirmed, the rest wait in line; nobody is lost.

    An exact copy of a row is recognised and never booked twice. The report counts how the file's
    bookings stand now, made now or before. Without `commit` nothing is saved, and it is the same.
    """

    occasions: Occasions
    bookings: Bookings
    decisions: Decisions
    cards: ContactCards
    people: People
    fingerprint_key: bytes

    async def __call__(
        self, file: RequestFile, *, commit: bool, by: Actor
    ) -> AsyncIterator[tuple[int, Report]]:
        """How many rows are done, again and again, and the report so far.

        Of what is saved, the half is done when it is planned: many rows for one occasion make
        planning the longer part.
        """
        report = Report(blank=file.blank, troubles=list(file.troubles), confirmed=0, waiting=0)
        report.counts["rejected"] = file.rejected
        yield file.rejected, report
        plan = await self._begin(file, report, by)
        known = file.rejected + len(file.rows) - len(plan.parties)
        for n, party in enumerate(plan.parties, start=1):
            self._plan_one(plan, party, report)
            if n % _LOOK_UP == 0:
                await asyncio.sleep(0)  # let others be served meanwhile
                yield known + (n // 2 if commit else n), report
        placed = len(plan.parties) - len(plan.goes)
        for at in range(0, len(plan.goes), _CHUNK):
            chunk = plan.goes[at : at + _CHUNK]
            would = plan.would[at : at + _CHUNK]
            outcomes = await self._book(chunk, would, by) if commit else would
            for (party, _), outcome in zip(chunk, outcomes, strict=True):
                note(report, party, outcome)
            done = placed + at + len(chunk)
            yield known + ((len(plan.parties) + done) // 2 if commit else len(plan.parties)), report

    async def _begin(self, file: RequestFile, report: Report, by: Actor) -> _Plan:
        parties = []
        for row in file.rows:
            try:
                parties.append(party_of(row, self.fingerprint_key))
            except Refusal as refusal:
                report.reject(trouble_with(row.row, refusal))
        titles = sorted({alike(row.activity) for row in file.rows})
        wanted = await self.occasions.of_titles(titles, by=by)
        prints = {each for party in parties for each in (party.fingerprint, party.as_written)}
        known = await self.bookings.fingerprints(list(prints), by=by)
        parties = as_known(parties, known)
        at = {occasion.id: occasion for occasion in meant(parties, wanted)}
        parties = seen_before(parties, at, await self.bookings.of_classes(list(at), by=by))
        return _Plan(
            parties,
            choice_among(wanted, self.decisions.moment().now),
            {occasion.id: occasion for occasion in wanted},
            {record.id: record for record in known.values()},
        )

    def _plan_one(self, plan: _Plan, party: RowParty, report: Report) -> None:
        """Find a row's occasion by deciding in memory, after all rows before it."""
        before = plan.booked.get(party.booking_id)
        if party.booking_id in plan.met:
            plan.goes.append((party, _LATER))
            plan.would.append(KNOWN)
        elif before is not None:
            plan.goes.append((party, before.occasion_id))
            plan.would.append(found(before))
        else:
            self._place(plan, party, report)
        plan.met.add(party.booking_id)

    def _place(self, plan: _Plan, party: RowParty, report: Report) -> None:
        candidates = plan.choice.candidates(party.row)
        if not candidates:
            report.reject(plan.choice.trouble(party.row))
            return
        now = [plan.occasions[candidate.id] for candidate in candidates]
        chosen = next((o for o in now if o.free >= party.party.size), now[0])
        wish = wish_for(
            party,
            recipient_id=RecipientId(party.booking_id),
            link_hash="",
            created_at=self.decisions.moment().now,
        )
        after, (outcome,) = self.decisions.preview(chosen, [wish], frozenset())
        plan.occasions[chosen.id] = after
        plan.goes.append((party, chosen.id))
        plan.would.append(outcome)

    async def _book(
        self, chunk: Sequence[tuple[RowParty, OccasionId]], would: Sequence[Any], by: Actor
    ) -> list[Any]:
        """Save a chunk, each occasion in one write; several occasions side by side."""
        outcomes: list[Any] = list(would)
        new = [n for n, outcome in enumerate(would) if _is_new(outcome)]
        wishes = dict(zip(new, await self._wishes([chunk[n][0] for n in new]), strict=True))
        by_occasion: dict[OccasionId, list[int]] = {}
        for n in new:
            by_occasion.setdefault(chunk[n][1], []).append(n)
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def save(occasion_id: OccasionId, numbers: list[int]) -> None:
            async with at_once:
                got = await self.decisions.decide_all(occasion_id, [wishes[n] for n in numbers])
            for n, outcome in zip(numbers, got, strict=True):
                outcomes[n] = outcome

        await asyncio.gather(*(save(id_, numbers) for id_, numbers in by_occasion.items()))
        await self._see_others(
            [(n, chunk[n][0]) for n in new if outcomes[n] == KNOWN], outcomes, by
        )
        return outcomes

    async def _see_others(
        self, rows: Sequence[tuple[int, RowParty]], outcomes: list[Any], by: Actor
    ) -> None:
        """What another import of the same rows has booked meanwhile is found, as any other."""
        records = await self.bookings.fingerprints([p.fingerprint for _, p in rows], by=by)
        for n, party in rows:
            if party.fingerprint in records:
                outcomes[n] = found(records[party.fingerprint])

    async def _wishes(self, parties: Sequence[RowParty]) -> list[Wish[Any]]:
        """Cards sealed and needs encrypted, for those that are new."""
        people = [(party, RecipientId(new_id()), new_link()) for party in parties]
        needs = await self._needs(people)
        now = self.decisions.moment().now
        return [
            wish_for(
                party,
                recipient_id=recipient_id,
                link_hash=link.hash,
                created_at=now,
                needs=needs.get(recipient_id),
                card=[await self.cards.card(party.contact, recipient_id, link)],
            )
            for party, recipient_id, link in people
        ]

    async def _needs(
        self, people: Sequence[tuple[RowParty, RecipientId, Link]]
    ) -> dict[str, dict[str, bytes]]:
        """Ciphertext of the needs, by recipient; keys only for those who have any."""
        said = [
            (who, {NEEDS: p.row.needs}, needs_record(who)) for p, who, _ in people if p.row.needs
        ]
        if not said:
            return {}
        await self.people.new_people([who for who, _, _ in said])
        sealed = await self.people.seal_many(said)
        return {who: cipher for (who, _, _), cipher in zip(said, sealed, strict=True)}


def _is_new(outcome: Any) -> bool:
    """Neither booked before nor a copy; what the plan refused is decided again, on what is true."""
    return outcome.new if isinstance(outcome, Stands) else outcome != KNOWN


_LATER = OccasionId("")
"""For a copy of an earlier row of this very file: nothing is saved for it."""
