"""A mail server's replies out of a stream of bytes (RFC 5321 §4.2), however they are cut up."""

from __future__ import annotations

from typing import NamedTuple

LONGEST = 64 * 1024
"""Bytes of one reply: a server that never comes to an end is no mail server."""


class NotAMailServer(ValueError):
    """What comes over the line is no reply. Nothing of it is repeated."""


class Reply(NamedTuple):
    """Three digits, and the text of each line (for extensions and enhanced codes only)."""

    code: int
    lines: tuple[bytes, ...]


_LEARNT = 16
"""Replies of one line that are read once: a server says the same to most commands."""


class Replies:
    """Feed it what was received; it gives back the replies that are whole."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._size = 0
        self._known: dict[bytes, Reply] = {}

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that end in this piece.

        Raises:
            NotAMailServer: a line without three digits, or no end in sight.
        """
        *whole, self._rest = (self._rest + data).split(b"\n")
        known, found = self._known, []
        for line in whole:
            reply = None if self._lines else known.get(line)
            if reply is None:
                reply = self._line(line)
            if reply is not None:
                found.append(reply)
        if self._size + len(self._rest) > LONGEST:
            raise NotAMailServer("a reply without end")
        return found

    def _line(self, received: bytes) -> Reply | None:
        line = received.rstrip(b"\r")
        digits, mark = line[:3], line[3:4]
        if not (len(digits) == 3 and digits.isdigit() and mark in (b"", b" ", b"-")):
            raise NotAMailServer("a line that is no reply")
        self._lines.append(line[4:])
        self._size += len(line)
        if mark == b"-":
            return None
        reply = Reply(int(digits), tuple(self._lines))
        if len(self._lines) == 1 and len(self._known) < _LEARNT:
            self._known[received] = reply
        self._lines, self._size = [], 0
        return reply
