"""The rules of what hangs on a case: assessments, plans, notes, meetings, consents and shares."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class NotAMinor(Refusal):
    """Reports of concern are about people under 18."""

    kind = "not-a-minor"
    sv = "En orosanmälan gäller den som är under 18 år."
    en = "A report of concern is about somebody under 18."


class NoConcernOpen(Refusal):
    """There is nothing to decide."""

    kind = "no-concern-open"
    sv = "Det finns ingen fråga om orosanmälan att ta ställning till."
    en = "There is no question of a report of concern to decide."
