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


_KNOWN = {
    line: Reply(int(line[:3]), (line[4:],))
    for line in (b"250 ok", b"250 Ok", b"250 OK", b"250 2.1.0 Ok", b"250 2.1.5 Ok", b"250 2.0.0 ok")
}
"""What servers say most often, read once."""


class Replies:
    """Feed it what was received; it gives back the replies that are whole."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that end in this piece.

        Raises:
            NotAMailServer: a line without three digits, or no end in sight.
        """
        *whole, self._rest = (self._rest + data).split(b"\n")
        found = [reply for line in whole if (reply := self._line(line.rstrip(b"\r")))]
        if self._size + len(self._rest) > LONGEST:
            raise NotAMailServer("a reply without end")
        return found

    def _line(self, line: bytes) -> Reply | None:
        if not self._lines:
            known = _KNOWN.get(line)
            if known is not None:
                return known
        digits, mark = line[:3], line[3:4]
        if not (len(digits) == 3 and digits.isdigit() and mark in (b"", b" ", b"-")):
            raise NotAMailServer("a line that is no reply")
        self._lines.append(line[4:])
        self._size += len(line)
        if mark == b"-":
            return None
        reply = Reply(int(digits), tuple(self._lines))
        self._lines, self._size = [], 0
        return reply
