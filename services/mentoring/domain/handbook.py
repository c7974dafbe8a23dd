"""Which edition of the handbook is out, as publishing tells it. Who has read which is kept beside.

Editions are counted 1, 2, 3 … in the order of their release. A correction (2.1.0 → 2.1.1) says the
same better: it is the newest, but whoever has read the one before it need not read again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.mentoring.domain.ids import Username


@dataclass(frozen=True, slots=True)
class Handbook:
    """`edition` is the one to have read, 0 before the first; `newest` the last that was released.

    `named` is the newest one's own name (2.1.0), `path` where it is read. `version` is storage's.
    """

    edition: int = 0
    newest: int = 0
    named: str = ""
    path: str = ""
    released_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody has read an edition."""

    username: Username
    edition: int
    at: datetime


def release(handbook: Handbook, number: int, named: str, path: str, at: datetime) -> Handbook:
    """An edition is out; an older one that is heard of late changes nothing."""
    if number <= handbook.newest:
        return handbook
    # What came between may be missing: then a correction is of something nobody here has read.
    corrects = handbook.newest == number - 1 > 0 and not named.endswith(".0")
    to_read = handbook.edition if corrects else number
    return replace(handbook, edition=to_read, newest=number, named=named, path=path, released_at=at)
