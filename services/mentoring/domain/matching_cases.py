"""From cases and mentors' profiles to a round of matching, and what a decision stands on.

Beside the constraints of the table, two things keep a pair apart: a protected identity meets named
staff only, and a mentor who pauses or has not read the handbook keeps whom they have and takes
nobody new. Both are taken out before solving, as conflicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from services.mentoring.domain.access import is_named
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import Username
from services.mentoring.domain.matching import (
    CONSTRAINTS,
    Objective,
    Pair,
    Round,
    what_forbids,
)
from services.mentoring.domain.matching_needs import MatchingNeeds, as_mentee
from services.mentoring.domain.mentor import MentorProfile, Obstacle, as_candidate
from services.mentoring.domain.phases import Phase

MATCHED_PHASES: frozenset[Phase] = frozenset({"planning", "active"})
CHECK_DAYS = 364
"""A background check is good for less than a year, as in `domain/mentor.py`."""
KEEPS_BACK: frozenset[Obstacle] = frozenset({"handbook", "paused"})
"""What the table of constraints does not know of a mentor."""

OBSTACLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "background-check": (
            "Registerkontrollen saknas eller är för gammal.",
            "The background check is missing or too old.",
        ),
        "handbook": (
            "Den senaste utgåvan av handboken är inte läst och bekräftad.",
            "The newest edition of the handbook is not read and confirmed.",
        ),
        "paused": ("Mentorn tar ingen ny adept just nu.", "The mentor takes nobody new just now."),
        "full": ("Mentorn har inga platser kvar.", "The mentor has no places left."),
    }
)
"""Why a mentor takes nobody new: code → Swedish, English."""

DECISION_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "as-proposed": ("Som föreslaget", "As proposed"),
        "young-persons-wish": ("Den unga vill det", "The young person wishes it"),
        "knows-them-already": ("De känner redan varandra", "They know each other already"),
        "continuity": ("För att inte bryta något som fungerar", "Not to break what works"),
        "safety": ("Säkerheten", "Safety"),
        "other": ("Annat skäl", "Another reason"),
    }
)
"""Why a human decided so: code → Swedish, English."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A mentor with so many mentees today, and what stands in the way of one more."""

    profile: MentorProfile
    load: int
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def is_kept_back(self) -> bool:
        """Whether they take nobody new, whoever it is."""
        return not KEEPS_BACK.isdisjoint(self.obstacles)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a proposal for a case was made on, in codes; another one makes it stale."""

    needs_version: int
    mentors: tuple[Username, ...]
    named: tuple[Username, ...] | None


def basis_of(case: Case, needs_version: int) -> Basis:
    """As the case is now."""
    named = tuple(sorted(case.protected_circle)) if case.protected else None
    return Basis(needs_version, tuple(sorted(case.mentors())), named)


def round_of(
    cases: Sequence[tuple[Case, MatchingNeeds]],
    mentors: Sequence[Offered],
    *,
    on: date,
    objective: Objective,
    keep_existing: bool,
) -> Round:
    """The round to solve. Raises TooManyAtOnce."""
    known = {each.profile.username for each in mentors}
    existing = frozenset(
        Pair(case.id, mentor) for case, _ in cases for mentor in case.mentors() if mentor in known
    )
    return Round(
        mentees=tuple(as_mentee(case, needs) for case, needs in cases),
        mentors=tuple(as_candidate(each.profile, each.load) for each in mentors),
        on=on,
        objective=objective,
        keep_existing=keep_existing,
        existing=existing,
        conflicts=frozenset(_kept_apart([case for case, _ in cases], mentors)),
        check_days=CHECK_DAYS,
    )


def what_stands_between(
    case: Case, needs: MatchingNeeds, mentor: Offered, *, on: date
) -> tuple[str, ...]:
    """The codes of all that forbids the pair now; empty for nothing. A pair of today is no load."""
    theirs = mentor.profile.username in case.mentors()
    load = mentor.load - 1 if theirs else mentor.load
    forbidden = what_forbids(
        as_mentee(case, needs), as_candidate(mentor.profile, load), on=on, check_days=CHECK_DAYS
    )
    held = () if theirs else tuple(each for each in mentor.obstacles if each in KEEPS_BACK)
    return (*forbidden, *held)


def in_words(codes: Sequence[str]) -> tuple[str, str]:
    """What the codes say, in Swedish and in English, without the last full stop."""
    known = {each.code: (each.sv, each.en) for each in CONSTRAINTS}
    words = [known.get(code) or OBSTACLES[code] for code in codes]
    sv, en = (" ".join(said) for said in zip(*words, strict=True))
    return sv.removesuffix("."), en.removesuffix(".")


def _kept_apart(cases: Sequence[Case], mentors: Sequence[Offered]) -> Iterator[Pair]:
    held_back = [each.profile.username for each in mentors if each.is_kept_back]
    for case in cases:
        for mentor in held_back:
            if mentor not in case.mentors():
                yield Pair(case.id, mentor)
        if case.protected:
            for each in mentors:
                if not is_named(case, each.profile.username):
                    yield Pair(case.id, each.profile.username)
