"""A second book of one case, kept from the facts told about it alone, to hold the case against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import (
    CaseErased,
    CaseOpened,
    ClosureProposed,
    ConcernDecided,
    ConcernRaised,
    Fact,
    GlassEnded,
    GlassOpened,
    GlassReviewed,
    HoldChanged,
    PhaseChanged,
    ProtectionChanged,
    RelationBegan,
    RelationEnded,
)

HOUR = timedelta(minutes=60)
KEPT = {"declined": timedelta(days=90), "archived": timedelta(days=730)}
ENDINGS = {"approve-closure", "decline", "archive"}


@dataclass
class Window:
    """An emergency access as it was told."""

    holder: str
    opened_at: datetime
    until: datetime
    second: str | None
    ended: bool = False
    reviewed_by: str | None = None

    def lets_in(self, now: datetime) -> bool:
        return not self.ended and self.opened_at <= now < min(self.until, self.opened_at + HOUR)


@dataclass
class Logbook:
    """Who is inside, who is named, which windows are open, who proposed: from facts alone."""

    inside: dict[str, str] = field(default_factory=dict)
    named: frozenset[str] | None = None
    windows: dict[str, Window] = field(default_factory=dict)
    proposer: str | None = None
    undecided: bool = False
    held: bool = False
    phase: str = "intake"
    clock: date | None = None
    last: int = 0

    def write(self, facts: tuple[Fact, ...]) -> None:
        """Take facts in, and hold each against what was there before."""
        for fact in facts:
            self.last += 1
            assert fact.sequence == self.last
            self._people(fact)
            self._windows(fact)
            self._decisions(fact)
            if isinstance(fact, PhaseChanged):
                self._phase(fact)

    def is_let_in(self, username: str, now: datetime) -> bool:
        """Whether somebody with any working role may see anything of the case."""
        protected = self.named is not None
        if username in self.inside and (self.named is None or username in self.named):
            return True
        return any(
            window.holder == username and window.lets_in(now) and (window.second or not protected)
            for window in self.windows.values()
        )

    def _people(self, fact: Fact) -> None:
        if isinstance(fact, CaseOpened):
            self.inside[fact.lead] = "lead"
        if isinstance(fact, RelationBegan):
            assert fact.username not in self.inside
            self.inside[fact.username] = fact.kind
        if isinstance(fact, RelationEnded):
            assert self.inside.pop(fact.username) == fact.kind
            for window in self.windows.values():
                window.ended |= window.holder == fact.username
        if isinstance(fact, ProtectionChanged):
            self.named = frozenset(fact.named) if fact.protected else None

    def _windows(self, fact: Fact) -> None:
        if isinstance(fact, GlassOpened):
            assert fact.until - fact.at <= HOUR
            assert fact.second is not None or self.named is None
            assert fact.second != fact.username
            self.windows[fact.glass_id] = Window(fact.username, fact.at, fact.until, fact.second)
        if isinstance(fact, GlassEnded):
            self.windows[fact.glass_id].ended = True
        if isinstance(fact, GlassReviewed):
            window = self.windows[fact.glass_id]
            assert fact.by not in {window.holder, window.second}
            assert not window.lets_in(fact.at)
            window.reviewed_by = fact.by

    def _decisions(self, fact: Fact) -> None:
        if isinstance(fact, ClosureProposed):
            self.proposer = fact.by
        if isinstance(fact, ConcernRaised | ConcernDecided):
            self.undecided = isinstance(fact, ConcernRaised)
        if isinstance(fact, HoldChanged):
            self.held = fact.held
        if isinstance(fact, CaseErased):
            assert not self.held
            if not fact.at_own_request:
                assert self.clock is not None
                assert day_of(fact.at) >= self.clock

    def _phase(self, fact: PhaseChanged) -> None:
        assert fact.before == self.phase
        if fact.command in {"approve-closure", "refuse-closure"}:
            assert fact.by != self.proposer
        if fact.command in ENDINGS:
            assert all(window.reviewed_by for window in self.windows.values())
            assert not self.undecided
        if fact.after in KEPT and self.clock is None:
            self.clock = day_of(fact.at) + KEPT[fact.after]
        self.phase = fact.after
