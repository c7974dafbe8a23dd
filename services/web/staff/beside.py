"""Two who change the same thing: what stands there now beside what was wished, to choose between.

Whatever is sent on a version says what stands `beside` it. When somebody else was faster, the page
with both is made here, the same for every form, and nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from shared.kernel.refusal import VersionConflict

Line = tuple[str, object, object]
"""The name of something, what stands there now, and what was written; None where nothing was."""


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands there now, and its version; `back` is where it is shown as it is.

    Whatever the form said goes along to be sent again, unless `fields` says what does; `yes` is
    what the button calls it where it is more than keeping. What must be looked at anew before it is
    done is not offered `again`.
    """

    over: str
    version: str
    lines: Sequence[Line]
    back: str
    fields: Sequence[tuple[str, str]] | None = None
    yes: str = ""
    again: bool = True


Beside = Callable[[], Awaitable[Stands]]


class CameLate(VersionConflict):
    """Somebody else was faster: `stands` is what is there now."""

    def __init__(self, stands: Stands) -> None:
        super().__init__()
        self.stands = stands
