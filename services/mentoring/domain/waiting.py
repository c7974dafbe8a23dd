"""What waits in a case for somebody to do it, in code words: what a list can be narrowed to.

Worked out from the case as it stands, so that nothing waits that has been done. Each belongs to a
field group: whoever may not read that is not told, nor can they find it by narrowing a list.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from services.mentoring.domain import aftercare, concern, contacts, planning, reviews
from services.mentoring.domain.case import Case
from services.mentoring.domain.phases import SUPPORT
from services.mentoring.domain.rights import FieldGroup

Wait = Literal[
    "concern-undecided",
    "concern-late",
    "glass-to-review",
    "closure-to-decide",
    "contact-missed",
    "review-late",
    "action-late",
    "aftercare-over",
    "stand-in-acts",
    "mentor-missing",
]
WAITS: tuple[Wait, ...] = get_args(Wait)
"""All of them, what cannot wait first."""

_Waits = Callable[[Case, datetime], bool]


def _undecided(case: Case, now: datetime) -> bool:  # noqa: ARG001
    return case.concern.state == "undecided"


def _concern_late(case: Case, now: datetime) -> bool:
    return _undecided(case, now) and concern.is_overdue(case, now)


def _unjudged(case: Case, now: datetime) -> bool:  # noqa: ARG001
    return any(glass.awaits_review for glass in case.glasses)


def _proposed(case: Case, now: datetime) -> bool:  # noqa: ARG001
    return case.closure is not None


def _without_mentor(case: Case, now: datetime) -> bool:  # noqa: ARG001
    return case.phase in SUPPORT and not case.mentors()


_ASKED: Mapping[Wait, tuple[FieldGroup, _Waits]] = MappingProxyType(
    {
        "concern-undecided": ("contact", _undecided),
        "concern-late": ("contact", _concern_late),
        "glass-to-review": ("access-log", _unjudged),
        "closure-to-decide": ("closure", _proposed),
        "contact-missed": ("contact", contacts.is_missed),
        "review-late": ("plan", reviews.is_overdue),
        "action-late": ("plan", planning.are_late),
        "aftercare-over": ("closure", aftercare.is_over),
        "stand-in-acts": ("overview", Case.lead_is_away),
        "mentor-missing": ("overview", _without_mentor),
    }
)


def waits(case: Case, groups: Container[FieldGroup], now: datetime) -> tuple[Wait, ...]:
    """What waits, of what somebody may read (`groups`, asked last); what cannot wait first."""
    return tuple(each for each in WAITS if _ASKED[each][1](case, now) and _ASKED[each][0] in groups)
