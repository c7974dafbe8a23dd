"""Causes and traces: handed on unchanged, or begun anew where nothing may join them."""

from __future__ import annotations

import pytest

from shared.observability import tracing
from shared.observability.cause import Cause, because_of, current_cause, fresh_cause
from shared.observability.metrics import MEANINGS, render
from shared.observability.tracing import (
    continue_from,
    current_traceparent,
    fresh_traceparent,
    set_up_tracing,
    span,
    trace_id_of,
    well_formed,
)


def test_a_trace_goes_on_in_the_next_process() -> None:
    """What was written into an outbox row is continued: the same trace, another span."""
    with continue_from(None, "request", "server"):
        written = current_traceparent()
    with continue_from(written, "handle"), span("inside"):
        here = current_traceparent()
    assert trace_id_of(here) == trace_id_of(written)
    assert here != written


def test_a_trace_does_not_leak_into_the_next_thing() -> None:
    """After one thing is done, the next begins its own trace, even inside another one's span."""
    with continue_from(None, "one"):
        first = trace_id_of(current_traceparent())
        with continue_from(fresh_traceparent(), "two"):
            assert trace_id_of(current_traceparent()) != first
    assert current_traceparent() is None


@pytest.mark.parametrize(
    "wrong", ["", "x", "00-" + "0" * 32 + "-" + "1" * 16 + "-01", "01-" + "a" * 32, "å" * 55]
)
def test_a_broken_header_begins_a_trace(wrong: str) -> None:
    """A header that is not of the standard's shape is not continued."""
    assert well_formed(wrong) is None
    with continue_from(wrong, "request"):
        assert well_formed(current_traceparent())


def test_the_cause_is_handed_on() -> None:
    """Inside, the cause is the one that was given, with the trace as it stands."""
    with because_of(Cause("c-1", "e-1")), continue_from(None, "handle"):
        seen = current_cause()
        assert (seen.correlation_id, seen.causation_id) == ("c-1", "e-1")
        assert seen.traceparent == current_traceparent()
    assert current_cause().correlation_id != "c-1"


def test_a_fresh_cause_is_joined_by_nothing() -> None:
    """A sealed request for support starts anew: no id in common with what led to it."""
    with continue_from(None, "request"), because_of(Cause("c-1")):
        known, fresh = current_cause(), fresh_cause()
    assert fresh.correlation_id != known.correlation_id
    assert trace_id_of(fresh.traceparent) != trace_id_of(known.traceparent)
    assert fresh.fresh_trace


def test_an_endpoint_without_exporter_is_lived_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traces leave only with endpoint and package; otherwise the process goes on without."""
    monkeypatch.setattr(tracing, "EXPORTER", "opentelemetry.exporter.that_is_not_there")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    assert set_up_tracing("booking", "http") is False
    with span("works"):
        assert well_formed(current_traceparent())


def test_every_number_has_a_meaning() -> None:
    """Each metric is told with its meaning, and none carries an id as a label."""
    told = render().decode()
    for name, meaning in MEANINGS.items():
        assert f"# HELP {name} {meaning}" in told
    assert len(MEANINGS) >= 15
