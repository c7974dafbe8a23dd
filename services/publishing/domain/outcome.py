"""What became of one recipient of one mailing.

    waiting ──▶ in-hand ──▶ accepted ──▶ bounced (a report came back later)
       │ ▲         ├──────▶ bounced (refused, with its code; or a report was faster)
       │ └─────────┤ not now: later
       ▼           └──────▶ uncertain (the answer was lost) ──▶ accepted | bounced
    suppressed

`waiting` and `in-hand` are open; the other four are ends, and everybody comes to exactly one. Only
somebody who was surely not reached goes back to `waiting` by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from services.publishing.domain.smtp_replies import Code, Verdict
from shared.kernel.refusal import Refusal

State = Literal["waiting", "in-hand", "accepted", "bounced", "suppressed", "uncertain"]
End = Literal["accepted", "bounced", "suppressed", "uncertain"]
Cause = Literal[
    "unsubscribed", "asked-never-again", "complaint", "dead-address", "mailing-cancelled"
]
OPEN: frozenset[State] = frozenset({"waiting", "in-hand"})
ENDS: tuple[End, ...] = get_args(End)

GIVE_UP_AFTER = timedelta(days=2)
"""A server that says *not now* for two days has said no."""


class NothingToSendAgain(Refusal):
    """Only who bounced, or whose fate is uncertain, can be sent to again."""

    kind = "nothing-to-send-again"
    sv = "Det går bara att skicka om till dem som studsade eller som är osäkra."
    en = "Only those who bounced or are uncertain can be sent to again."


@dataclass(frozen=True, slots=True)
class Standing:
    """One recipient's place. `attempt` counts hand-overs; `code` explains a bounce or a delay.

    In hand it is that of a report that was faster than the server's own answer.
    """

    state: State = "waiting"
    attempt: int = 0
    first_at: datetime | None = None
    code: Code | None = None
    cause: Cause | None = None

    def __post_init__(self) -> None:
        if (self.state == "suppressed") != (self.cause is not None):
            raise ValueError("suppressed, and only that, has a cause")
        if self.state == "bounced" and self.code is None:
            raise ValueError("a bounce has a code")


def message_id(recipient: str, domain: str) -> str:
    """The same for every attempt, so that a double can be known for one (RFC 5322 §3.6.4)."""
    return f"<{recipient}@{domain}>"


def take_in_hand(known: Standing, now: datetime) -> Standing | None:
    """It is about to be handed over; None when it is not waiting, and then it must not be."""
    if known.state != "waiting":
        return None
    return Standing("in-hand", known.attempt + 1, known.first_at or now)


def suppress(known: Standing, cause: Cause) -> Standing:
    """Not to be written to after all. What has left the house is not called back."""
    return replace(known, state="suppressed", cause=cause) if known.state == "waiting" else known


def conclude(known: Standing, verdict: Verdict, now: datetime) -> Standing:
    """The hand-over came to this. A late or second answer changes nothing."""
    if known.state != "in-hand":
        return known
    if verdict.fate in ("taken", "unknown"):
        end: State = "accepted" if verdict.fate == "taken" else "uncertain"
        return replace(known, state=end if known.code is None else "bounced")
    if verdict.fate == "refused":
        return replace(known, state="bounced", code=verdict.code)
    return _later(known, verdict, now)


def lease_ran_out(known: Standing) -> Standing:
    """The mailer that had it in hand is gone: it may or may not have left the house."""
    if known.state != "in-hand":
        return known
    return replace(known, state="uncertain" if known.code is None else "bounced")


def reported(known: Standing, code: Code) -> Standing:
    """A delivery report said that it failed: worth more than the first server's word.

    One that comes while it is in hand is kept for the end of the hand-over.
    """
    if known.state in ("accepted", "uncertain"):
        return replace(known, state="bounced", code=code)
    if known.state == "in-hand" and known.code is None:
        return replace(known, code=code)
    return known


def found_delivered(known: Standing) -> Standing:
    """The server's own log or a person knows that it arrived."""
    return replace(known, state="accepted") if known.state == "uncertain" else known


def again(known: Standing) -> Standing:
    """Somebody chose to send to these once more.

    Raises:
        NothingToSendAgain: it was accepted, suppressed, or is still open.
    """
    if known.state not in ("bounced", "uncertain"):
        raise NothingToSendAgain
    return Standing("waiting", known.attempt)


def _later(known: Standing, verdict: Verdict, now: datetime) -> Standing:
    """Trouble of ours, and a broken line, never become the recipient's bounce."""
    since = known.first_at or now
    if verdict.code is not None and not verdict.ours and now - since >= GIVE_UP_AFTER:
        return replace(known, state="bounced", code=verdict.code)
    return replace(known, state="waiting", code=verdict.code)
