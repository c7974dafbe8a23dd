"""What matching sees of a case: what the young person speaks, wishes for and must not meet.

They are a part of what the assessment found, so they are recorded from the assessment on and belong
to its field group: a mentor who sees the plan alone does not see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.facts import MatchingNeedsRecorded
from services.mentoring.domain.ids import Username
from services.mentoring.domain.matching.people import UNKNOWN_GENDER, Mentee, Window
from services.mentoring.domain.mentor import NOWHERE, Belonging, Codes, ensure_codes
from services.mentoring.domain.mentor_rules import LanguageMissing


@dataclass(frozen=True, slots=True)
class MatchingNeeds:
    """`known_in` is where the person belongs or is known, `avoids` whom they must not meet.

    Languages are codes; a mentor from a neighbourhood of theirs is out of the question unless
    `same_neighbourhood_is_safe` was decided.
    """

    languages: Codes
    first_language: str | None = None
    gender: str = UNKNOWN_GENDER
    gender_wish: Codes = frozenset()
    known_in: Belonging = NOWHERE
    avoids: Belonging = NOWHERE
    same_neighbourhood_is_safe: bool = False
    wanted_strengths: Codes = frozenset()
    required_training: Codes = frozenset()
    safety_flags: Codes = frozenset()
    availability: frozenset[Window] = frozenset()


def record_needs(case: Case, needs: MatchingNeeds, *, by: Username, now: datetime) -> Told:
    """The needs as they shall be. Raises NotInThisPhase, LanguageMissing or CodeOutOfShape."""
    stay(case, "record-assessment")
    if not needs.languages:
        raise LanguageMissing
    _ensure_shapes(needs)
    return tell(case, MatchingNeedsRecorded, by=by, now=now)


def as_mentee(case: Case, needs: MatchingNeeds) -> Mentee:
    """The young person as matching sees one."""
    return Mentee(
        id=case.id,
        languages=needs.languages,
        first_language=needs.first_language,
        gender=needs.gender,
        gender_wish=needs.gender_wish,
        movements=needs.known_in.movements,
        neighbourhoods=needs.known_in.neighbourhoods,
        organisations=needs.known_in.organisations,
        avoids_movements=needs.avoids.movements,
        avoids_neighbourhoods=needs.avoids.neighbourhoods,
        avoids_organisations=needs.avoids.organisations,
        same_neighbourhood_is_safe=needs.same_neighbourhood_is_safe,
        wanted_strengths=needs.wanted_strengths,
        required_training=needs.required_training,
        safety_flags=needs.safety_flags,
        availability=tuple(sorted(needs.availability)),
    )


def _ensure_shapes(needs: MatchingNeeds) -> None:
    first = {needs.first_language} if needs.first_language else set()
    ensure_codes(
        {needs.gender, *first},
        needs.languages,
        needs.gender_wish,
        needs.wanted_strengths,
        needs.required_training,
        needs.safety_flags,
        belongings=(needs.known_in, needs.avoids),
    )
