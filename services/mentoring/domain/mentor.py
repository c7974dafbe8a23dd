"""A mentor: what they bring, whom they must not meet, how much they can take, and their standing.

A mentor takes a new mentee only with a fresh background check, the newest handbook read, and room
for one more. How many mentees somebody has is counted from the circles, never kept here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.mentoring.domain.days import day_of, same_day_in
from services.mentoring.domain.ids import Username
from services.mentoring.domain.matching.people import UNKNOWN_GENDER, Mentor, Training, Window
from services.mentoring.domain.mentor_rules import (
    CodeOutOfShape,
    DayNotYet,
    EditionUnknown,
    LanguageMissing,
    LimitOutOfRange,
)

Codes = frozenset[str]
Obstacle = Literal["background-check", "handbook", "paused", "full"]

MOST_MENTEES = 5
CHECK_IS_FRESH_YEARS = 1
LONGEST_CODE = 40
_CODE = re.compile(r"[a-zåäö0-9]+(-[a-zåäö0-9]+)*")


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where somebody belongs or is known: movements, neighbourhoods, organisations, as codes."""

    movements: Codes = frozenset()
    neighbourhoods: Codes = frozenset()
    organisations: Codes = frozenset()


NOWHERE = Belonging()


@dataclass(frozen=True, slots=True)
class MentorProfile:
    """`avoids` is whom and where the mentor must not meet. `version` is storage's.

    `handbook_edition` is the newest edition that the mentor has read and confirmed, 0 for none.
    """

    username: Username
    languages: Codes
    limit: int
    strengths: Codes = frozenset()
    gender: str = UNKNOWN_GENDER
    gender_wish: Codes = frozenset()
    known_in: Belonging = NOWHERE
    avoids: Belonging = NOWHERE
    cleared_for: Codes = frozenset()
    availability: frozenset[Window] = frozenset()
    paused_until: date | None = None
    training: tuple[Training, ...] = ()
    background_checked_on: date | None = None
    handbook_edition: int = 0
    handbook_confirmed_at: datetime | None = None
    sequence: int = 0
    version: int = 0


MentorChange = Literal[
    "profile", "availability", "pause", "training", "background-check", "handbook"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorChanged:
    """Something about a mentor is another now; `what` says which part."""

    username: Username
    sequence: int
    at: datetime
    by: Username
    what: MentorChange


Profiled = tuple[MentorProfile, tuple[MentorChanged, ...]]


def put_profile(profile: MentorProfile, *, by: Username, now: datetime) -> Profiled:
    """A new profile, or a changed one, as it shall be.

    Raises LimitOutOfRange, LanguageMissing or CodeOutOfShape.
    """
    if not 0 <= profile.limit <= MOST_MENTEES:
        raise LimitOutOfRange(least=0, most=MOST_MENTEES)
    if not profile.languages:
        raise LanguageMissing
    ensure_codes(
        {profile.gender},
        profile.languages,
        profile.strengths,
        profile.gender_wish,
        profile.cleared_for,
        belongings=(profile.known_in, profile.avoids),
    )
    return _told(profile, "profile", by=by, now=now)


def set_availability(
    profile: MentorProfile, windows: Iterable[Window], *, by: Username, now: datetime
) -> Profiled:
    """The times of the week at which the mentor can meet."""
    changed = replace(profile, availability=frozenset(windows))
    return _told(changed, "availability", by=by, now=now)


def set_pause(
    profile: MentorProfile, until: date | None, *, by: Username, now: datetime
) -> Profiled:
    """No new mentee through that day; None ends the pause."""
    return _told(replace(profile, paused_until=until), "pause", by=by, now=now)


def add_training(
    profile: MentorProfile, training: Training, *, by: Username, now: datetime
) -> Profiled:
    """A training that the mentor has; the same one again replaces. Raises CodeOutOfShape."""
    _ensure_shape(training.code)
    others = tuple(one for one in profile.training if one.code != training.code)
    return _told(replace(profile, training=(*others, training)), "training", by=by, now=now)


def record_background_check(
    profile: MentorProfile, on: date, *, by: Username, now: datetime
) -> Profiled:
    """The check was shown on a day; an older one changes nothing. Raises DayNotYet."""
    if on > day_of(now):
        raise DayNotYet
    if profile.background_checked_on is not None and on <= profile.background_checked_on:
        return profile, ()
    return _told(replace(profile, background_checked_on=on), "background-check", by=by, now=now)


def confirm_handbook(
    profile: MentorProfile, edition: int, *, newest_edition: int, by: Username, now: datetime
) -> Profiled:
    """The mentor has read an edition; the same again is quiet. Raises EditionUnknown."""
    if not 1 <= edition <= newest_edition:
        raise EditionUnknown
    if edition <= profile.handbook_edition:
        return profile, ()
    read = replace(profile, handbook_edition=edition, handbook_confirmed_at=now)
    return _told(read, "handbook", by=by, now=now)


def background_check_is_fresh(profile: MentorProfile, today: date) -> bool:
    """Whether the check is less than a year old."""
    checked = profile.background_checked_on
    return checked is not None and today < same_day_in(checked, CHECK_IS_FRESH_YEARS)


def obstacles(
    profile: MentorProfile, *, load: int, newest_edition: int, today: date
) -> tuple[Obstacle, ...]:
    """What stands in the way of one more mentee; empty for nothing."""
    found: list[Obstacle] = []
    if not background_check_is_fresh(profile, today):
        found.append("background-check")
    if profile.handbook_edition < newest_edition:
        found.append("handbook")
    if profile.paused_until is not None and today <= profile.paused_until:
        found.append("paused")
    if load >= profile.limit:
        found.append("full")
    return tuple(found)


def as_candidate(profile: MentorProfile, load: int) -> Mentor:
    """The mentor as matching sees one, with so many mentees today."""
    return Mentor(
        id=profile.username,
        languages=profile.languages,
        gender=profile.gender,
        gender_wish=profile.gender_wish,
        movements=profile.known_in.movements,
        neighbourhoods=profile.known_in.neighbourhoods,
        organisations=profile.known_in.organisations,
        avoids_movements=profile.avoids.movements,
        avoids_neighbourhoods=profile.avoids.neighbourhoods,
        avoids_organisations=profile.avoids.organisations,
        availability=tuple(sorted(profile.availability)),
        strengths=profile.strengths,
        load=load,
        limit=profile.limit,
        training=profile.training,
        background_check=profile.background_checked_on,
        cleared_for=profile.cleared_for,
    )


def ensure_codes(*groups: Iterable[str], belongings: Iterable[Belonging] = ()) -> None:
    """All of them are short words in lower case; raises CodeOutOfShape."""
    belonging = [
        code
        for one in belongings
        for code in (*one.movements, *one.neighbourhoods, *one.organisations)
    ]
    for code in (*belonging, *(code for group in groups for code in group)):
        _ensure_shape(code)


def _ensure_shape(code: str) -> None:
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise CodeOutOfShape(most=LONGEST_CODE)


def _told(profile: MentorProfile, what: MentorChange, *, by: Username, now: datetime) -> Profiled:
    sequence = profile.sequence + 1
    fact = MentorChanged(username=profile.username, sequence=sequence, at=now, by=by, what=what)
    return replace(profile, sequence=sequence), (fact,)
