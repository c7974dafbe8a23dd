"""What of a case wants to be done, read from the case alone; most urgent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

_SOON = timedelta(days=7)


def what_waits(case: Mapping[str, Any], today: str) -> Sequence[tuple[str, str]]:
    """(word, kind of tag). What belongs to a group that is not the reader's is null and waits not.

    The words are `staff_case_waits_<word>`.
    """
    review, until = case["next_review_on"], case["aftercare_until"]
    soon = (date.fromisoformat(today) + _SOON).isoformat()
    found = (
        ("concern", "bad", case["concern"] == "undecided"),
        ("contact", "bad", bool(case["contact_missed"])),
        ("glass", "bad", bool(case["emergency_access_to_review"])),
        ("closure", "wait", bool(case["closure_proposed_by"])),
        ("review_late", "bad", bool(review) and review < today),
        ("review_soon", "wait", bool(review) and today <= review <= soon),
        ("aftercare_over", "wait", bool(until) and until <= today),
        ("lead_away", "info", bool(case["lead_away_until"])),
    )
    return [(word, kind) for word, kind, holds in found if holds]
