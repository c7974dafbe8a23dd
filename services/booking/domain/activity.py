"""What is offered: an activity, of which occasions are dated occurrences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from services.booking.domain.party import ensure_short
from services.booking.domain.rules import TextMissing, TextTooLong, UnknownActivityKind
from shared.kernel.ids import ActivityId

ActivityKind = Literal["workshop", "lecture", "training", "open-evening", "consultation"]
ACTIVITY_KINDS: tuple[ActivityKind, ...] = get_args(ActivityKind)
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 4000


@dataclass(frozen=True, slots=True)
class Activity:
    """A title, a kind and whom it is for. A consultation carries a question sealed to mentoring."""

    id: ActivityId
    title: str
    kind: ActivityKind
    audience: str = ""
    description: str = ""
    version: int = 0

    @property
    def asks_a_question(self) -> bool:
        """Whether a booking may carry a sealed question."""
        return self.kind == "consultation"


def new_activity(
    activity_id: ActivityId, *, title: str, kind: str, audience: str = "", description: str = ""
) -> Activity:
    """Raises UnknownActivityKind, TextMissing (a blank title) or TextTooLong."""
    if len(description) > LONGEST_DESCRIPTION:
        raise TextTooLong(limit=LONGEST_DESCRIPTION)
    return Activity(
        activity_id, ensure_title(title), kind_of(kind), ensure_line(audience), description.strip()
    )


def kind_of(text: str) -> ActivityKind:
    """The kind by its code word; raises UnknownActivityKind."""
    for kind in ACTIVITY_KINDS:
        if kind == text:
            return kind
    raise UnknownActivityKind


def ensure_title(text: str) -> str:
    """The title without blanks around; raises TextMissing or TextTooLong."""
    title = text.strip()
    if not title:
        raise TextMissing
    ensure_short(title, LONGEST_TITLE)
    return title


def ensure_line(text: str) -> str:
    """One short line without blanks around, possibly empty; raises TextTooLong."""
    line = text.strip()
    ensure_short(line, LONGEST_TITLE)
    return line
