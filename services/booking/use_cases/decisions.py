"""Deciding on what is stored: load, decide, save if nobody was faster; else load and decide again.

Wishes about one occasion that wait at the same time in one process share a load and a write.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from services.booking.domain.facts import Fact
from services.booking.domain.occasion import Occasion
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.use_cases.mirror import mirrored, record_of
from services.booking.use_cases.ports import Ledger, Loaded, Saving, Session, Tell
from services.booking.use_cases.wishes import (
    Decision,
    Moment,
    Taken,
    Wish,
    decide_in_order,
    occasions_of,
)
from shared.kernel.clock import Clock
from shared.kernel.ids import OccasionId, new_id
from shared.kernel.pauses import Pauses
from shared.kernel.refusal import ChangedElsewhere, TooBusy, VersionConflict

R = TypeVar("R")
TRIES = 24
Together = Callable[[OccasionId, Sequence[Wish[Any]]], Awaitable[list[Any]]]


def ensure_seen(seen: int, now: int) -> None:
    """Whoever changes something has seen it as it is; raises ChangedElsewhere."""
    if seen != now:
        raise ChangedElsewhere


class Combining(Protocol):
    """Gathers the wishes that wait for one occasion and hands them over together."""

    async def ask(self, key: OccasionId, member: Wish[Any]) -> Any:
        """The member's own outcome."""
        ...


class Decisions:
    """The one way to change who has which place."""

    def __init__(
        self,
        ledger: Ledger,
        tell: Tell,
        clock: Clock,
        office: OfficeCalendar,
        *,
        combine: Callable[[Together], Combining],
    ) -> None:
        self._ledger, self._tell, self._clock, self._office = ledger, tell, clock, office
        self._combined = combine(self._once_through)

    @property
    def ledger(self) -> Ledger:
        """Where decisions are saved."""
        return self._ledger

    def moment(self) -> Moment:
        """Now, as decisions see it."""
        return Moment(self._clock.now(), self._office, new_id)

    async def decide(self, occasion_id: OccasionId, wish: Wish[R]) -> R:
        """One wish, combined with those that wait for the same occasion.

        Raises the wish's own refusal, NotFound for an unknown occasion, or TooBusy.
        """

        async def attempt() -> R:
            outcome = await self._combined.ask(occasion_id, wish)
            if isinstance(outcome, Exception):
                raise outcome
            return cast("R", outcome)

        return await again_while_others_are_faster(attempt)

    async def decide_all(self, occasion_id: OccasionId, wishes: Sequence[Wish[Any]]) -> list[Any]:
        """Several wishes in order and in one write; each outcome is its answer or its refusal.

        Raises what concerns all of them: NotFound, TooBusy.
        """
        return await again_while_others_are_faster(lambda: self._once_through(occasion_id, wishes))

    async def decide_within(self, session: Session, occasion_id: OccasionId, wish: Wish[R]) -> R:
        """One wish inside a transaction that is open; the caller tries again on conflict."""
        (outcome,) = await self._once_through(occasion_id, [wish], session)
        if isinstance(outcome, Exception):
            raise outcome
        return cast("R", outcome)

    async def settle(self, occasion_id: OccasionId) -> None:
        """Let time do its work on one occasion, if anything is due."""
        await self.decide_all(occasion_id, [])

    async def save_once(self, saving: Saving, once: Any, answer: R) -> R:
        """Save what needs no decision, once for an idempotency key; its answer, or the kept one."""

        async def made() -> tuple[Saving, R]:
            return saving, answer

        return await self.save_made(made, once)

    async def save_made(self, make: Callable[[], Awaitable[tuple[Saving, R]]], once: Any) -> R:
        """The same for what is decided on something else: made anew when somebody was faster."""

        async def attempt() -> R:
            kept = await self._ledger.answered(once) if once is not None else None
            if kept is not None:
                return cast("R", kept)
            saving, answer = await make()
            if once is not None:
                saving.once = [(once, answer)]
            await self._ledger.save(saving)
            return answer

        return await again_while_others_are_faster(attempt)

    def preview(
        self, occasion: Occasion, wishes: Sequence[Wish[Any]], existing: frozenset[str]
    ) -> tuple[Occasion, list[Any]]:
        """The same decisions, not saved: the occasion afterwards and the outcomes."""
        decision = decide_in_order(occasion, wishes, self.moment(), existing)
        return decision.after, _answers(wishes, decision)

    def news(self, facts: Sequence[Fact], *occasions: Occasion) -> list[Any]:
        """The events that tell of facts, for those who save outside a group."""
        return self._tell(facts, occasions_of(*occasions))

    async def _once_through(
        self, occasion_id: OccasionId, wishes: Sequence[Wish[Any]], session: Session = None
    ) -> list[Any]:
        loaded = await self._ledger.load(
            occasion_id,
            creating=[wish.creates for wish in wishes if wish.creates],
            asked_before=[wish.once for wish in wishes if wish.once],
            session=session,
        )
        asked, repeats = _apart(wishes, loaded)
        moment = await self._moment_for(loaded.occasion, asked, session)
        decision = decide_in_order(loaded.occasion, asked, moment, loaded.existing)
        saving = self._saving(decision, asked)
        if moment.days:
            saving.occupy(moment.days, decision.before, decision.after)
        if not saving.is_empty:
            await self._ledger.save(saving, session=session)
        answers = iter(_answers(asked, decision))
        outcomes = [
            repeats[index] if index in repeats else next(answers) for index in range(len(wishes))
        ]
        return [outcomes[o.of] if isinstance(o, _SameAs) else o for o in outcomes]

    async def _moment_for(
        self, occasion: Occasion, wishes: Sequence[Wish[Any]], session: Session
    ) -> Moment:
        """With the days of rooms that the wishes touch; most touch none."""
        keys = {key for wish in wishes if wish.touches for key in wish.touches(occasion)}
        if not keys:
            return self.moment()
        return replace(self.moment(), days=await self._ledger.days(keys, session=session))

    def _saving(self, decision: Decision, wishes: Sequence[Wish[Any]]) -> Saving:
        saving = Saving()
        if decision.changes_something:
            saving.occasions.append((decision.before, decision.after))
        parties = {id_: p for taken in decision.taken for id_, p in taken.parties.items()}
        ends = {id_: why for taken in decision.taken for id_, why in taken.ends.items()}
        changes = {
            change.booking_id: change
            for change in mirrored(decision.before, decision.after, decision.facts, parties, ends)
        }
        new = [taken.new for taken in decision.taken if taken.new is not None]
        saving.new_bookings = [record_of(each, changes.pop(each.id)) for each in new]
        saving.changes = list(changes.values())
        saving.line_moves = [t.line_move for t in decision.taken if t.line_move is not None]
        settled = self.news(decision.settled, decision.after_settling)
        saving.told.extend((news, None) for news in settled)
        for wish, taken in zip(wishes, decision.outcomes, strict=True):
            if isinstance(taken, Taken):
                told = self.news(taken.facts, taken.occasion)
                saving.told.extend((news, wish.cause) for news in (*taken.also, *told))
                if wish.once:
                    saving.once.append((wish.once, taken.answer))
        return saving


async def again_while_others_are_faster(attempt: Callable[[], Awaitable[R]]) -> R:
    """Try until the write goes through; raises TooBusy after a good number of tries."""
    pauses = Pauses(0.002, 0.1)
    for _ in range(TRIES):
        try:
            return await attempt()
        except VersionConflict:
            await pauses.rest()
    raise TooBusy


class _SameAs:
    """The outcome is that of an earlier member, which came with the same idempotency key."""

    def __init__(self, of: int) -> None:
        self.of = of


def _apart(wishes: Sequence[Wish[Any]], loaded: Loaded) -> tuple[list[Wish[Any]], dict[int, Any]]:
    """Those to decide, and the outcomes of those asked before (earlier, or in this very group)."""
    asked: list[Wish[Any]] = []
    repeats: dict[int, Any] = {}
    first: dict[str, int] = {}
    for index, wish in enumerate(wishes):
        if wish.once is None:
            asked.append(wish)
        elif wish.once.id in loaded.answered:
            repeats[index] = loaded.answered[wish.once.id]
        elif wish.once.id not in first:
            first[wish.once.id] = index
            asked.append(wish)
        elif wish.once.fingerprint == wishes[first[wish.once.id]].once.fingerprint:
            repeats[index] = _SameAs(first[wish.once.id])
        else:
            # Stored first, and found to be another request when it is looked up again.
            repeats[index] = VersionConflict()
    return asked, repeats


def _answers(wishes: Sequence[Wish[Any]], decision: Decision) -> list[Any]:
    return [
        outcome.answer
        if isinstance(outcome, Taken)
        else (wish.found if outcome is None else outcome)
        for wish, outcome in zip(wishes, decision.outcomes, strict=True)
    ]
