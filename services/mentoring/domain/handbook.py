"""Which edition of the handbook is the newest. Who has read which is kept beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.mentoring.domain.ids import Username
from services.mentoring.domain.mentor_rules import EditionGoesBack


@dataclass(frozen=True, slots=True)
class Handbook:
    """The newest edition, 0 before the first. `version` is storage's."""

    edition: int = 0
    set_by: Username | None = None
    set_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody has read an edition."""

    username: Username
    edition: int
    at: datetime


def set_edition(handbook: Handbook, edition: int, *, by: Username, now: datetime) -> Handbook:
    """An edition is out; the same again changes nothing. Raises EditionGoesBack."""
    if edition < handbook.edition:
        raise EditionGoesBack(edition=handbook.edition)
    if edition == handbook.edition:
        return handbook
    return replace(handbook, edition=edition, set_by=by, set_at=now)
