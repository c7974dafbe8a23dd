"""A case begins, with a lead and in intake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from services.mentoring.domain.case import Case, ContactDays, Relation, Told, tell
from services.mentoring.domain.concern import asked_from_the_start
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import CaseOpened
from services.mentoring.domain.ids import CaseId, PersonId, Username
from services.mentoring.domain.rights import GRANTABLE
from services.mentoring.domain.rules import LeadMustBeNamed
from shared.kernel.ids import RecipientId


def open_case(
    case_id: CaseId,
    *,
    pseudonym: str,
    person_id: PersonId,
    recipient_id: RecipientId,
    lead: Username,
    minor_until: date | None = None,
    protected: bool = False,
    named: frozenset[Username] = frozenset(),
    contact_every_days: ContactDays = 14,
    by: Username,
    now: datetime,
) -> Told:
    """A new case in intake. For a minor the question of a report of concern is asked at once.

    `minor_until` is the 18th birthday, None when it is not known; one that has been is not kept.
    Raises LeadMustBeNamed for
    a protected case whose lead is not among the `named`.
    """
    if protected and lead not in named:
        raise LeadMustBeNamed
    minor = minor_until is not None and day_of(now) < minor_until
    case = Case(
        id=case_id,
        pseudonym=pseudonym,
        person_id=person_id,
        recipient_id=recipient_id,
        phase="intake",
        opened_at=now,
        phase_since=now,
        circle=(Relation(lead, "lead", now, GRANTABLE),),
        minor_until=minor_until if minor else None,
        age_unknown=minor_until is None,
        protected=protected,
        protected_circle=named if protected else frozenset(),
        contact_every_days=contact_every_days,
        concern=asked_from_the_start(minor=minor, now=now),
    )
    return tell(case, CaseOpened, by=by, now=now, lead=lead)


def with_identity(case: Case, change_id: str, minor_until: date | None, *, now: datetime) -> Case:
    """Who it is was changed, and perhaps the birth date with it.

    Somebody who is a minor after all is asked about.
    """
    minor = minor_until is not None and day_of(now) < minor_until
    concern = case.concern
    if minor and concern.state == "not-asked":
        concern = asked_from_the_start(minor=True, now=now)
    return replace(
        case,
        identity_change=change_id,
        minor_until=minor_until if minor else None,
        age_unknown=minor_until is None,
        concern=concern,
    )
