"""Time. Deadlines and reminders ask a `Clock`; leases, time-to-live and tokens ask `real_now`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


def real_now() -> datetime:
    """The machine's own time, aware and in UTC: never shifted."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine


class Clock(Protocol):
    """Domain time: what deadlines and reminders are measured against."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class ShiftedClock:
    """Real time plus the offset in a small JSON file (`{"offset_seconds": 86400}`).

    The file is read again when it has changed, so that moving the clock reaches every process
    without a restart. No file means no offset; a file that cannot be read keeps the last offset.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """Aware, in UTC, shifted."""
        return real_now() + self._read_offset()

    def _read_offset(self) -> timedelta:
        if self._path is None:
            return self._offset
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp != self._stamp:
                seconds = float(json.loads(self._path.read_text("utf-8"))["offset_seconds"])
                self._offset, self._stamp = timedelta(seconds=seconds), stamp
        except FileNotFoundError:
            self._offset, self._stamp = timedelta(), None
        except (OSError, ValueError, KeyError, TypeError):
            return self._offset
        return self._offset


class FixedClock:
    """Stands still until it is moved; for tests and previews."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The time it was set to."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move it; backwards is allowed."""
        self._at += by
