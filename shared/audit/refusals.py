"""What the audit says no to."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class AuditUnavailable(Refusal):
    """The reading could not be recorded durably in time, so nothing is shown (503)."""

    kind = "audit-unavailable"
    sv = "Läsningen kan inte sparas i granskningsloggen just nu, så inget visas. Försök snart igen."
    en = "The reading cannot be recorded in the audit right now, so nothing is shown. Retry soon."


class MonthNotOver(Refusal):
    """A sample is drawn from a whole month (409)."""

    kind = "month-not-over"
    sv = "Stickprovet dras när månaden är slut."
    en = "The sample is drawn when the month is over."


class OwnReading(Refusal):
    """Nobody judges what they read themselves (403)."""

    kind = "own-reading"
    sv = "Det där läste du själv. Någon annan följer upp det."
    en = "You read that yourself. Somebody else follows it up."


class EntryBroken(Refusal):
    """An entry that would be shown is not as it was written (409)."""

    kind = "audit-entry-broken"
    sv = "Post {seq} i granskningsloggen är ändrad. Kontrollera loggen: safespace audit verify."
    en = "Entry {seq} of the audit was changed. Verify it: safespace audit verify."


class NotAnId(Refusal):
    """An address or a number was typed where an id belongs (422)."""

    kind = "not-an-id"
    sv = "Det där är inget id. Ange ärendets, bokningens eller mottagarens id."
    en = "That is no id. Give the id of the case, the booking or the recipient."


class NotInSample(Refusal):
    """Outcomes are recorded for what was drawn (422)."""

    kind = "not-in-sample"
    sv = "Den läsningen ingår inte i månadens stickprov."
    en = "That reading is not part of the month's sample."
