"""A segment with a name, kept to be asked again."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.domain.segments import Segment
from shared.kernel.refusal import Refusal

LONGEST_NAME = 80


class SegmentNameMissing(Refusal):
    """A name is one line that says something."""

    kind = "segment-name-missing"
    sv = "Ge urvalet ett namn på högst {limit} tecken."
    en = "Give the segment a name of at most {limit} characters."


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """`segment` is the question; who answers to it is asked anew every time."""

    id: str
    name: str
    segment: Segment
    version: int = 0


def named(text: str) -> str:
    """The name on one line.

    Raises:
        SegmentNameMissing: empty or too long.
    """
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise SegmentNameMissing(limit=LONGEST_NAME)
    return name
