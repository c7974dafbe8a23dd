"""The hard constraints: one table of named predicates. None of them is ever weighed against fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from services.mentoring.domain.matching.bit_tables import (
    Truths,
    lacking,
    overlap,
    starts,
    two_tables,
    week_table,
)
from services.mentoring.domain.matching.people import UNKNOWN_GENDER, Codes, Person
from services.mentoring.domain.matching.rounds import Round

MEETING_QUARTERS = 4
Marks = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Constraint:
    """`broken_by` marks the pairs (mentees × mentors, or one row for all) that may not be.

    `sv` and `en` say it of one pair; `why_sv` and `why_en` say what stands between a mentee and
    the mentors who fit otherwise.
    """

    code: str
    broken_by: Callable[[Round], Truths]
    sv: str
    en: str
    why_sv: str
    why_en: str


def forbidden(asked: Round) -> Marks:
    """Which constraints each pair breaks: bit n for row n of the table; nought is allowed."""
    marks = np.zeros((len(asked.mentees), len(asked.mentors)), dtype=np.uint16)
    for number, constraint in enumerate(CONSTRAINTS):
        marks |= constraint.broken_by(asked).astype(np.uint16) << np.uint16(number)
    return marks


def codes_of(marks: int) -> tuple[str, ...]:
    """The codes of the constraints that a pair breaks."""
    return tuple(one.code for number, one in enumerate(CONSTRAINTS) if marks >> number & 1)


def _language(asked: Round) -> Truths:
    spoken = two_tables(
        [one.languages for one in asked.mentees], [one.languages for one in asked.mentors]
    )
    return ~overlap(*spoken)


def _gender_wish(asked: Round) -> Truths:
    return _wish_unmet(asked.mentees, asked.mentors) | _wish_unmet(asked.mentors, asked.mentees).T


def _wish_unmet(wishing: Sequence[Person], others: Sequence[Person]) -> Truths:
    """True where the one has a wish and the other's gender is not in it, or not known."""
    known = [frozenset({one.gender} - {UNKNOWN_GENDER}) for one in others]
    has_wish = np.array([bool(one.gender_wish) for one in wishing], dtype=bool)
    unmet: Truths = has_wish[:, None] & ~overlap(
        *two_tables([one.gender_wish for one in wishing], known)
    )
    return unmet


def _conflict_of_interest(asked: Round) -> Truths:
    mentees, mentors = asked.mentees, asked.mentors
    broken = _avoided(
        ([one.avoids_organisations for one in mentees], [one.organisations for one in mentors]),
        ([one.organisations for one in mentees], [one.avoids_organisations for one in mentors]),
    )
    rows = {one.id: row for row, one in enumerate(mentees)}
    columns = {one.id: column for column, one in enumerate(mentors)}
    for pair in asked.conflicts:
        if pair.mentee in rows and pair.mentor in columns:
            broken[rows[pair.mentee], columns[pair.mentor]] = True
    return broken


def _neighbourhood(asked: Round) -> Truths:
    mentees, mentors = asked.mentees, asked.mentors
    homes = [one.neighbourhoods for one in mentors]
    risky = [
        one.avoids_neighbourhoods
        | (frozenset() if one.same_neighbourhood_is_safe else one.neighbourhoods)
        for one in mentees
    ]
    return _avoided(
        (risky, homes),
        ([one.neighbourhoods for one in mentees], [one.avoids_neighbourhoods for one in mentors]),
    )


def _movement(asked: Round) -> Truths:
    mentees, mentors = asked.mentees, asked.mentors
    return _avoided(
        ([one.avoids_movements for one in mentees], [one.movements for one in mentors]),
        ([one.movements for one in mentees], [one.avoids_movements for one in mentors]),
    )


def _avoided(*ways: tuple[Sequence[Codes], Sequence[Codes]]) -> Truths:
    one_way, other_way = (overlap(*two_tables(*way)) for way in ways)
    return one_way | other_way


def _load(asked: Round) -> Truths:
    return np.array([places == 0 for places in asked.places()], dtype=bool)[None, :]


def _training(asked: Round) -> Truths:
    valid = [
        frozenset(one.code for one in mentor.training if one.until is None or one.until >= asked.on)
        for mentor in asked.mentors
    ]
    return lacking(*two_tables([one.required_training for one in asked.mentees], valid))


def _background_check(asked: Round) -> Truths:
    oldest = asked.on - timedelta(days=asked.check_days)
    good = [
        mentor.background_check is not None and oldest <= mentor.background_check <= asked.on
        for mentor in asked.mentors
    ]
    return ~np.array(good, dtype=bool)[None, :]


def _safety_flag(asked: Round) -> Truths:
    flags = [one.safety_flags for one in asked.mentees]
    return lacking(*two_tables(flags, [one.cleared_for for one in asked.mentors]))


def _availability(asked: Round) -> Truths:
    mentees = week_table([one.availability for one in asked.mentees])
    mentors = week_table([one.availability for one in asked.mentors])
    return ~overlap(starts(mentees, MEETING_QUARTERS), starts(mentors, MEETING_QUARTERS))


CONSTRAINTS = (
    Constraint(
        "language",
        _language,
        "De har inget gemensamt språk.",
        "They have no language in common.",
        "mentorerna som annars passar talar inget av adeptens språk",
        "the mentors who fit otherwise speak none of the mentee's languages",
    ),
    Constraint(
        "gender-wish",
        _gender_wish,
        "Ett önskemål om kön uppfylls inte.",
        "A wish about gender is not met.",
        "önskemålet om kön uppfylls inte av mentorerna som annars passar",
        "the wish about gender is not met by the mentors who fit otherwise",
    ),
    Constraint(
        "conflict-of-interest",
        _conflict_of_interest,
        "Det finns en intressekonflikt mellan dem.",
        "There is a conflict of interest between them.",
        "mentorerna som annars passar har en intressekonflikt",
        "the mentors who fit otherwise have a conflict of interest",
    ),
    Constraint(
        "neighbourhood",
        _neighbourhood,
        "De får inte mötas på grund av var de bor eller rör sig.",
        "They may not meet because of where they live or move about.",
        "mentorerna som annars passar bor eller rör sig i fel område",
        "the mentors who fit otherwise live or move about in the wrong neighbourhood",
    ),
    Constraint(
        "movement",
        _movement,
        "Den ene får inte möta någon från den andres rörelse.",
        "One of them must not meet anybody from the other's movement.",
        "en rörelse som inte får mötas skiljer adepten från mentorerna som annars passar",
        "a movement that must not be met is between the mentee and the mentors who fit otherwise",
    ),
    Constraint(
        "load",
        _load,
        "Mentorn har redan så många adepter som gränsen tillåter.",
        "The mentor already has as many mentees as the limit allows.",
        "mentorerna som passar har inga platser kvar",
        "the mentors who fit have no places left",
    ),
    Constraint(
        "training",
        _training,
        "Mentorn saknar en giltig utbildning som krävs.",
        "The mentor lacks a valid training that is required.",
        "mentorerna som annars passar saknar en giltig utbildning som krävs",
        "the mentors who fit otherwise lack a valid training that is required",
    ),
    Constraint(
        "background-check",
        _background_check,
        "Mentorns registerkontroll saknas eller är för gammal.",
        "The mentor's background check is missing or too old.",
        "mentorerna som annars passar saknar aktuell registerkontroll",
        "the mentors who fit otherwise have no recent background check",
    ),
    Constraint(
        "safety-flag",
        _safety_flag,
        "Mentorn är inte förberedd för adeptens säkerhetsmarkering.",
        "The mentor is not prepared for the mentee's safety flag.",
        "mentorerna som annars passar är inte förberedda för adeptens säkerhetsmarkering",
        "the mentors who fit otherwise are not prepared for the mentee's safety flag",
    ),
    Constraint(
        "availability",
        _availability,
        "De har ingen gemensam timme i veckan.",
        "They have no hour of the week in common.",
        "mentorerna som annars passar har ingen gemensam timme i veckan med adepten",
        "the mentors who fit otherwise have no hour of the week in common with the mentee",
    ),
)
LOAD = next(n for n, constraint in enumerate(CONSTRAINTS) if constraint.code == "load")
