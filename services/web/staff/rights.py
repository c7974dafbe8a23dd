"""Which role opens what in the console, as data.

The names are `<service>:<permission>` of that service's own policy, and a test keeps the roles the
same: the console shows nobody a control that the service behind it would refuse. The service still
decides; this only spares people the no.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DESK = frozenset({"coordinator"})
_HOUSE = frozenset({"coordinator", "facilitator"})
_OPERATOR = frozenset({"operator"})
_AUDITOR = frozenset({"auditor"})
_EDITOR = frozenset({"editor"})
_LEADS = frozenset({"case-lead"})
_PROTECTION = frozenset({"data-protection"})

EVERYBODY = "console:own"
"""Whatever is a signed-in person's own: their sessions, their saved views."""

RIGHTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "booking:activities.read": _HOUSE,
        "booking:occasions.read": _HOUSE,
        "booking:occasions.write": _DESK,
        "booking:line.read": _DESK,
        "booking:line.move": _DESK,
        "booking:bookings.read": _DESK,
        "booking:bookings.write": _DESK,
        "booking:attendance.write": _HOUSE,
        "booking:needs.read": frozenset({"facilitator"}),
        "booking:rooms.read": _HOUSE,
        "booking:rooms.write": _DESK,
        "booking:room-holds.write": _DESK,
        "booking:imports.write": _DESK,
        "booking:statistics.read": _DESK,
        "booking:statistics.publish": _DESK,
        "booking:changes.read": _HOUSE,
        "booking:journal.read": _OPERATOR,
        "booking:dead-letters.handle": _OPERATOR,
        "booking:audit.follow-up": _AUDITOR,
        "booking:audit.read": _AUDITOR,
        "mentoring:cases.list": frozenset({"case-lead", "mentor"}),
        "mentoring:cases.open": _LEADS,
        "mentoring:cases.open-glass": _LEADS,
        "mentoring:cases.hold": _PROTECTION,
        "mentoring:cases.forget": _PROTECTION,
        "mentoring:cases.export": _LEADS | _PROTECTION,
        "mentoring:cases.override-consent": _LEADS | _PROTECTION,
        "mentoring:forgettings.read": _PROTECTION,
        "mentoring:identity.write": _LEADS,
        "mentoring:identity.read": frozenset({"case-lead", "mentor"}),
        "mentoring:cases.review-glass": frozenset({"case-lead", "data-protection"}),
        "mentoring:cases.second-glass": frozenset({"case-lead", "data-protection"}),
        "mentoring:cases.end-glass": frozenset({"case-lead", "data-protection"}),
        "mentoring:access-log.read": frozenset({"case-lead", "data-protection"}),
        "mentoring:referrals.read": _LEADS,
        "mentoring:referrals.write": _LEADS,
        "mentoring:referral-links.read": _LEADS,
        "mentoring:referral-links.write": _LEADS,
        "mentoring:referrals.decide": _LEADS,
        "mentoring:consultations.read": _LEADS,
        "mentoring:consultations.answer": _LEADS,
        "mentoring:matchings.read": _LEADS,
        "mentoring:matchings.decide": _LEADS,
        "mentoring:mentors.read": _LEADS,
        "mentoring:mentors.write": _LEADS,
        "mentoring:meetings.own": frozenset({"case-lead", "mentor"}),
        "mentoring:mentors.own": frozenset({"mentor"}),
        "mentoring:handbook.confirm": frozenset({"case-lead", "mentor"}),
        "mentoring:attention.read": frozenset({"case-lead", "mentor", "data-protection"}),
        "mentoring:changes.read": frozenset({"case-lead", "mentor", "data-protection"}),
        "mentoring:statistics.read": frozenset({"case-lead", "data-protection"}),
        "mentoring:statistics.publish": _LEADS,
        "mentoring:journal.read": _OPERATOR,
        "mentoring:dead-letters.handle": _OPERATOR,
        "mentoring:audit.follow-up": frozenset({"auditor", "data-protection"}),
        "mentoring:audit.read": frozenset({"auditor", "data-protection"}),
        "notifications:messages.read": frozenset({"coordinator", "operator"}),
        "notifications:contacts.read": _DESK,
        "notifications:reach.read": _DESK,
        "notifications:journal.read": _OPERATOR,
        "notifications:deliveries.decide": frozenset({"coordinator", "operator"}),
        "notifications:changes.read": frozenset({"coordinator", "operator"}),
        "notifications:dead-letters.handle": _OPERATOR,
        "notifications:audit.follow-up": _AUDITOR,
        "notifications:audit.read": _AUDITOR,
        "publishing:newsletters.read": _EDITOR,
        "publishing:newsletters.write": _EDITOR,
        "publishing:addresses.read": frozenset({"editor", "data-protection"}),
        "publishing:lists.read": frozenset({"editor", "coordinator", "operator"}),
        "publishing:lists.write": _EDITOR,
        "publishing:segments.read": _EDITOR,
        "publishing:segments.write": _EDITOR,
        "publishing:subscribers.read": frozenset({"editor", "operator"}),
        "publishing:suppressions.read": frozenset({"editor", "operator"}),
        "publishing:suppressions.write": _EDITOR,
        "publishing:mailings.read": frozenset({"editor", "operator"}),
        "publishing:mailings.write": _EDITOR,
        "publishing:publications.read": _EDITOR,
        "publishing:publications.write": _EDITOR,
        "publishing:print-items.write": _DESK,
        "publishing:print-orders.read": _DESK,
        "publishing:print-orders.write": _DESK,
        "publishing:partners.read": frozenset({"editor", "operator", "auditor"}),
        "publishing:partners.write": frozenset({"editor", "operator"}),
        "publishing:bulletins.decide": _EDITOR,
        "publishing:journal.read": _OPERATOR,
        "publishing:dead-letters.handle": _OPERATOR,
        "publishing:audit.follow-up": _AUDITOR,
        "publishing:audit.read": _AUDITOR,
    }
)
"""Permission → the roles that have it."""


def may(roles: frozenset[str], *any_of: str) -> bool:
    """Whether somebody with these roles has at least one of the permissions."""
    return any(name == EVERYBODY or not roles.isdisjoint(RIGHTS[name]) for name in any_of)
