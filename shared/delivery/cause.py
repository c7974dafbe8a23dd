"""Because of what something happens: carried from the request or event into every outgoing event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Cause:
    """The correlation that an event belongs to, the event that caused it, and the trace.

    `fresh_trace` says that nothing told because of this may be joined to it.
    """

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    fresh_trace: bool = False


_CURRENT: ContextVar[Cause | None] = ContextVar("safespace_cause", default=None)


def current_cause() -> Cause:
    """The cause of what this task does; a new correlation if nobody said."""
    return _CURRENT.get() or Cause(correlation_id=new_id())


@contextmanager
def because_of(cause: Cause) -> Iterator[Cause]:
    """Within this block everything that is told has this cause."""
    token = _CURRENT.set(cause)
    try:
        yield cause
    finally:
        _CURRENT.reset(token)
