"""Why something happens now: which request or event led to it. Events carry this on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

from shared.kernel.ids import new_id
from shared.observability.tracing import current_traceparent, fresh_traceparent


@dataclass(frozen=True, slots=True)
class Cause:
    """What links an event to what led to it.

    `correlation_id` is one per request or first event and is handed on unchanged; `causation_id`
    is the event that led here, if one did; `traceparent` is the W3C header. `fresh_trace` means
    that events told because of this start anew in all three (DESIGN §6.3).
    """

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    fresh_trace: bool = False


_current: ContextVar[Cause | None] = ContextVar("cause", default=None)


def current_cause() -> Cause:
    """What led here, with the trace as it stands now; a new beginning when nothing is known."""
    known = _current.get()
    here = current_traceparent()
    if known is None:
        return Cause(new_id(), traceparent=here)
    return Cause(
        known.correlation_id, known.causation_id, here or known.traceparent, known.fresh_trace
    )


def fresh_cause() -> Cause:
    """A beginning that nothing joins to what happens at present."""
    return Cause(new_id(), traceparent=fresh_traceparent(), fresh_trace=True)


@contextmanager
def because_of(cause: Cause) -> Iterator[Cause]:
    """Everything inside happens because of this; log lines carry the ids."""
    token = _current.set(cause)
    facts = {"correlation_id": cause.correlation_id}
    if cause.causation_id:
        facts["event_id"] = cause.causation_id
    try:
        with structlog.contextvars.bound_contextvars(**facts):
            yield cause
    finally:
        _current.reset(token)
