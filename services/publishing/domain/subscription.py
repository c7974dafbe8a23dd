"""One subscriber on one list: asked for, confirmed by the address itself, left.

    (none) ── ask ──▶ pending ── confirm ──▶ confirmed ── leave ──▶ left
                        ▲  └── a week ──▶ lapsed                     │
                        └──────────────── ask ───────────────────────┘

Only `confirmed` is ever written to, and only the owner of the address confirms: an import, staff or
a form can ask, never agree. To leave takes one press, from any state, and once more is quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.publishing.domain.consent import Asked, ConsentReceipt, receipt
from shared.kernel.refusal import Refusal

State = Literal["pending", "confirmed", "left", "lapsed"]
Leaving = Literal["one-click", "page", "preference-page", "staff", "complaint"]

CONFIRM_WITHIN = timedelta(days=7)
ASK_AGAIN_AFTER = timedelta(minutes=10)
"""Somebody else's address in a form must not become a way to pester them."""


class TooLateToConfirm(Refusal):
    """The link in an opt-in mail works for a week."""

    kind = "too-late-to-confirm"
    sv = "Länken har gått ut. Anmäl dig igen så skickar vi en ny."
    en = "The link has expired. Sign up again and we will send a new one."


class NothingToConfirm(Refusal):
    """The link belongs to an earlier request, or they have left since."""

    kind = "nothing-to-confirm"
    sv = "Det finns ingen anmälan att bekräfta. Anmäl dig igen om du vill ha brevet."
    en = "There is nothing to confirm. Sign up again if you want the newsletter."


@dataclass(frozen=True, slots=True)
class Subscription:
    """`asking` counts the times it was asked for: an opt-in link is good for its own time only."""

    subscriber_id: str
    list_id: str
    state: State
    asked: Asked
    asking: int = 1
    consent: ConsentReceipt | None = None
    left_at: datetime | None = None
    left_by: Leaving | None = None

    def __post_init__(self) -> None:
        if (self.state == "confirmed") != (self.consent is not None and self.left_at is None):
            raise ValueError("confirmed is: a receipt, and not left")


def ask(
    known: Subscription | None, subscriber_id: str, list_id: str, asked: Asked
) -> tuple[Subscription, bool]:
    """A wish to subscribe, and whether an opt-in mail is due for it.

    Who is confirmed stays so (and gets no mail); a second wish within ten minutes sends nothing.
    """
    if known is None:
        return Subscription(subscriber_id, list_id, "pending", asked), True
    if known.state == "confirmed":
        return known, False
    if known.state == "pending" and asked.at - known.asked.at < ASK_AGAIN_AFTER:
        return known, False
    again = replace(
        known,
        state="pending",
        asked=asked,
        asking=known.asking + 1,
        consent=None,
        left_at=None,
        left_by=None,
    )
    return again, True


def confirm(known: Subscription, asking: int, now: datetime) -> Subscription:
    """The opt-in link was pressed. Once more is quiet.

    Raises:
        NothingToConfirm: another asking's link, or they have left since.
        TooLateToConfirm: more than a week has passed.
    """
    if known.asking != asking or known.state == "left":
        raise NothingToConfirm
    if known.state == "confirmed":
        return known
    if known.state == "lapsed" or now - known.asked.at > CONFIRM_WITHIN:
        raise TooLateToConfirm
    return replace(known, state="confirmed", consent=receipt(known.list_id, known.asked, now))


def leave(known: Subscription, how: Leaving, now: datetime) -> Subscription:
    """One press is enough, and always works; the first one counts. The receipt is kept."""
    if known.state == "left":
        return known
    return replace(known, state="left", left_at=now, left_by=how)


def lapse(known: Subscription, now: datetime) -> Subscription:
    """Who did not confirm within a week did not want to; their address may be deleted."""
    if known.state == "pending" and now - known.asked.at > CONFIRM_WITHIN:
        return replace(known, state="lapsed")
    return known
