"""All routes of mentoring's pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.cases import (
    assessments,
    came_from,
    circle,
    closing,
    concern,
    consents,
    consultations,
    emergency,
    finding,
    follow_up,
    identity,
    keeping,
    listed,
    matchings,
    meetings,
    mentors,
    needs,
    notes,
    opening,
    overview,
    own_meetings,
    plan,
    profile,
    referral_links,
    referrals,
    taking_down,
    taking_out,
)
from services.web.staff.cases.desk import CaseDesk
from services.web.staff.frame import StaffPages
from shared.kernel.clock import Clock

OF_A_CASE = (
    overview.PAGE,
    came_from.PAGE,
    assessments.PAGE,
    assessments.NEW,
    needs.PAGE,
    notes.PAGE,
    meetings.PAGE,
    follow_up.PAGE,
    concern.PAGE,
    consents.PAGE,
    circle.PAGE,
    closing.PAGE,
)
_BEFORE = (listed, opening, finding, own_meetings, taking_down)
"""Addresses that would else be taken for an id."""
_ITS_OWN_WAY = (identity, plan, emergency, taking_out, keeping)
_AROUND = (referrals, referral_links, consultations, matchings, mentors, profile)


def routers(pages: StaffPages, apis: StaffApis, clock: Clock) -> list[APIRouter]:
    """One for each kind of page."""
    desk = CaseDesk(pages, apis, clock)
    return [
        *(kind.routes(desk) for kind in _BEFORE),
        *(page.routes(desk) for page in OF_A_CASE),
        *(kind.routes(desk) for kind in (*_ITS_OWN_WAY, *_AROUND)),
    ]
