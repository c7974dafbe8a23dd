"""A place among the changes of a database, which a listener goes on after.

Written `<seconds>.<increment>.<n>`: the database's own time of a commit, and the how-manieth change
of that commit among those that are followed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bson.timestamp import Timestamp

from shared.mongo.client import Document

_WRITTEN = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,9})")
_END_OF_A_COMMIT = 999_999_999


class Place(NamedTuple):
    """After the `nth` change of the commit at a moment; 0 is before its first one."""

    at: Timestamp
    nth: int

    def __str__(self) -> str:
        return f"{self.at.time}.{self.at.inc}.{self.nth}"


def end_of(moment: Timestamp) -> Place:
    """After everything that was committed up to this moment."""
    return Place(moment, _END_OF_A_COMMIT)


def place_of(written: str | None) -> Place | None:
    """The place; None if it cannot be one of ours."""
    found = _WRITTEN.fullmatch(written or "")
    if found is None:
        return None
    seconds, increment, nth = (int(part) for part in found.groups())
    if seconds >= 2**32 or increment >= 2**32:
        return None
    return Place(Timestamp(seconds, increment), nth)


class Numbering:
    """Gives each change of a stream its place. The stream begins at or before a commit's first."""

    def __init__(self) -> None:
        self._last: Place | None = None

    def place(self, event: Document) -> Place:
        """The next event's."""
        at: Timestamp = event["clusterTime"]
        last = self._last
        self._last = Place(at, last.nth + 1 if last is not None and last.at == at else 1)
        return self._last
