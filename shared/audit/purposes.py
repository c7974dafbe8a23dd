"""Why somebody reads: a code from this list, never free text. Additive: a published code stays."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What a reading is for."""

    CASE_WORK = "case-work"
    INTAKE = "intake"
    ASSESSMENT = "assessment"
    MATCHING = "matching"
    MEETING = "meeting"
    CONTACT = "contact"
    """To reach the person: their addresses."""
    GROUP_NEEDS = "group-needs"
    """What a booking party needs on the day."""
    HAND_OVER = "hand-over"
    AFTERCARE = "aftercare"
    REVIEW = "review"
    CLOSURE = "closure"
    BREAK_GLASS = "break-glass"
    CONSENT_SHARE = "consent-share"
    CONCERN_REPORT = "concern-report"
    CONSULTATION = "consultation"
    SUPERVISION = "supervision"
    EARLY_WARNING = "early-warning"
    """A warning from one member of the network to the others: what was done with its words."""
    STATISTICS = "statistics"
    EXPORT = "export"
    ERASURE = "erasure"
    OWN_DATA = "own-data"
    """The person concerned asked what is known of them."""
    AUDIT = "audit"
    """Reading or verifying the audit itself."""
    FOLLOW_UP = "follow-up"
    """The monthly sample."""
    NOT_STATED = "not-stated"
    """Refused before it was asked what for."""
