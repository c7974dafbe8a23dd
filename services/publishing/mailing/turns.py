"""How commands travel: all that are ready together (RFC 2920), or each after the answer before it.

A server that does not offer PIPELINING may throw away what comes before it has answered. The
dialogue is the same for it, only slower: four round trips for a letter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

Write = Callable[[bytes], None]


class Turns(Protocol):
    """Between a dialogue and its line. Each piece is answered by exactly one reply."""

    def say(self, *pieces: bytes) -> None:
        """These, in this order."""
        ...

    def answered(self) -> None:
        """One reply came, and what it leads to has been said."""
        ...


class Together:
    """For a server that offers PIPELINING."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def say(self, *pieces: bytes) -> None:
        """In one write."""
        self._write(b"".join(pieces))

    def answered(self) -> None:
        """Nothing waits for it."""


class OneByOne:
    """For a server that does not."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: deque[bytes] = deque()
        self._open = False

    def say(self, *pieces: bytes) -> None:
        """The first of them when nothing is unanswered, the others in their turn."""
        self._waiting.extend(pieces)
        if not self._open:
            self._next()

    def answered(self) -> None:
        """The next one may go."""
        self._open = False
        self._next()

    def _next(self) -> None:
        if self._waiting:
            self._open = True
            self._write(self._waiting.popleft())
