"""Contact with the young person, and the alarm when there has been none for too long.

The alarm is the case's, not a person's: it counts days since the last *successful* contact, only
while the case is in support, and tells only those who are in the circle now. An attempt that did
not succeed never stops the clock, nor does the silence of a mentor who has left start one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from services.mentoring.domain.case import Case, ContactAlarm, ContactDays, Told, stay, tell
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import (
    ContactAlarmEscalated,
    ContactMissed,
    ContactRecorded,
    ContactRhythmChanged,
)
from services.mentoring.domain.ids import CLOCKWORK, CaseId, Username
from services.mentoring.domain.phases import Phase
from services.mentoring.domain.record_rules import (
    BeforeTheCase,
    ContactDaysUnknown,
    DayIsAhead,
    UnknownWay,
)
from services.mentoring.domain.rules import NotInCircle

Way = Literal["meeting", "call", "message", "visit"]

COUNTED_IN: frozenset[Phase] = frozenset({"active", "closing"})
"""The phases in which contact is expected."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact on a day in Malmö, or one attempt. `meeting_id` when a meeting was it."""

    id: str
    case_id: CaseId
    author: Username
    at: datetime
    on: date
    way: Way
    successful: bool
    meeting_id: str | None = None


def new_contact(
    case: Case,
    contact_id: str,
    *,
    on: date,
    way: str,
    successful: bool,
    meeting_id: str | None = None,
    by: Username,
    now: datetime,
) -> Contact:
    """What somebody in the circle reports.

    Raises NotInThisPhase, NotInCircle, UnknownWay, DayIsAhead or BeforeTheCase.
    """
    stay(case, "record-contact")
    if case.relation(by) is None:
        raise NotInCircle
    for known in get_args(Way):
        if known == way:
            break
    else:
        raise UnknownWay
    if on > day_of(now):
        raise DayIsAhead
    if on < day_of(case.opened_at):
        raise BeforeTheCase
    return Contact(contact_id, case.id, by, now, on, known, successful, meeting_id)


def record_contact(case: Case, contact: Contact, *, by: Username, now: datetime) -> Told:
    """A successful contact stops an alarm, unless it lies too far back to do so.

    Raises NotInThisPhase.
    """
    stay(case, "record-contact")
    if contact.successful:
        newest = max(contact.on, case.last_contact_on or contact.on)
        case = replace(case, last_contact_on=newest)
        if not is_missed(case, now):
            case = replace(case, contact_alarm=None)
    return tell(case, ContactRecorded, by=by, now=now, on=contact.on, successful=contact.successful)


def set_contact_rhythm(case: Case, days: int, *, by: Username, now: datetime) -> Told:
    """Contact is expected at least every 14 or 30 days.

    Raises NotInThisPhase or ContactDaysUnknown.
    """
    stay(case, "set-contact-rhythm")
    for known in get_args(ContactDays):
        if known == days:
            changed = replace(case, contact_every_days=known)
            if not is_missed(changed, now):
                changed = replace(changed, contact_alarm=None)
            return tell(changed, ContactRhythmChanged, by=by, now=now, days=days)
    raise ContactDaysUnknown


def days_without(case: Case, now: datetime) -> int | None:
    """Days since the last successful contact, or since support began; None where none is due."""
    if case.phase not in COUNTED_IN or case.contact_from is None:
        return None
    since = max(case.contact_from, case.last_contact_on or case.contact_from)
    return (day_of(now) - since).days


def is_missed(case: Case, now: datetime) -> bool:
    """Whether contact is overdue: so many days have passed without one that succeeded."""
    days = days_without(case, now)
    return days is not None and days >= case.contact_every_days


def check_contact(case: Case, *, by: Username = CLOCKWORK, now: datetime) -> Told:
    """Raise the alarm once; tell the stand-in too when the lead turns out to be away. Else quiet.

    In a phase without a clock an old alarm is taken down.
    """
    days = days_without(case, now)
    if days is None or days < case.contact_every_days:
        return (case if case.contact_alarm is None else replace(case, contact_alarm=None)), ()
    acting = case.acting_lead(now)
    if case.contact_alarm is None:
        whom = _once((acting, *case.mentors()))
        raised = replace(case, contact_alarm=ContactAlarm(day_of(now), frozenset(whom)))
        return tell(raised, ContactMissed, by=by, now=now, days=days, tell=whom)
    told = case.contact_alarm.told
    if acting is None or acting in told:
        return case, ()
    alarm = replace(case.contact_alarm, told=told | {acting})
    escalated = replace(case, contact_alarm=alarm)
    return tell(escalated, ContactAlarmEscalated, by=by, now=now, tell=(acting,))


def _once(names: Iterable[Username | None]) -> tuple[Username, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
