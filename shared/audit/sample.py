"""The monthly sample: which readings are followed up. Pure.

Anybody can draw it again, in any language: candidate number n (from 0) is the first 8 bytes of
SHA-256(`safespace-audit-sample/1/<service>/<month>/<hash of the month's last entry>/<n>`), as a
big-endian number, modulo how many entries the month has, counted from its first; one drawn before
counts once. Entries with a purpose of `follow_up.PASSED_OVER` are left out. Nobody knows that hash
while the month's readings are made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from shared.audit.entry import Tip

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
"""A month in UTC, as it is written in addresses."""


def interval_of(month: str) -> tuple[datetime, datetime]:
    """Its first moment and the first one after it. `month` has the form of `MONTH`."""
    year, number = int(month[:4]), int(month[5:])
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=UTC), datetime(*after, 1, tzinfo=UTC)


def candidates(service: str, month: str, first: Tip, last: Tip) -> Iterator[int]:
    """All numbers from `first` to `last`, each once, in the order in which they are drawn."""
    size, seen = last.seq - first.seq + 1, set[int]()
    for n in count():
        if len(seen) == size:
            return
        drawn = first.seq + _number(f"{service}/{month}/{last.hash}/{n}") % size
        if drawn not in seen:
            seen.add(drawn)
            yield drawn


def _number(words: str) -> int:
    digest = hashlib.sha256(f"safespace-audit-sample/1/{words}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
