"""W3C trace context (https://www.w3.org/TR/trace-context/), carried by OpenTelemetry.

The header `traceparent` goes from the request into the outbox row, from there into the event, and
is continued by the relay and by whoever hears it. Spans leave the process only when
OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise only the ids are made and handed on.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Kind = Literal["internal", "server", "client", "producer", "consumer"]
EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"

_SHAPE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_carry = TraceContextTextMapPropagator()
_tracer: trace.Tracer | None = None
"""Only while spans are sent; without it ids are made and handed on, which costs next to nothing."""


def set_up_tracing(service: str, process: str) -> bool:
    """Name this process in its spans and send them if an endpoint is set. True when they are sent.

    An endpoint without the exporter package is said once and then lived with.
    """
    global _tracer  # noqa: PLW0603 - one per process, as OpenTelemetry has it
    _tracer = None
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return False
    if not _installed(EXPORTER):
        structlog.get_logger().warning("trace_exporter_missing", module=EXPORTER)
        return False
    resource = Resource.create({"service.name": service, "service.instance.id": process})
    provider = TracerProvider(sampler=ParentBased(ALWAYS_ON), resource=resource)
    provider.add_span_processor(BatchSpanProcessor(import_module(EXPORTER).OTLPSpanExporter()))
    _tracer = provider.get_tracer("safespace")
    return True


@contextmanager
def span(name: str, kind: Kind = "internal", **attributes: str | int) -> Iterator[None]:
    """A span under the current one. Attributes are ours: ids, types, counts; nothing personal."""
    with _within(None, name, kind, attributes):
        yield


@contextmanager
def continue_from(
    traceparent: str | None, name: str, kind: Kind = "consumer", **attributes: str | int
) -> Iterator[None]:
    """A span that continues the trace of a header or an event; a new trace when there is none."""
    begun = _carry.extract({"traceparent": traceparent or fresh_traceparent()}, context=Context())
    with _within(begun, name, kind, attributes):
        yield


def current_traceparent() -> str | None:
    """The header to hand on from here, or None outside of any trace."""
    here = trace.get_current_span().get_span_context()
    if not here.is_valid:
        return None
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}"


def fresh_traceparent() -> str:
    """The start of a trace that nothing joins to the present one."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def well_formed(traceparent: str | None) -> str | None:
    """The header when it has the shape of version 00 of the standard, else None."""
    return traceparent if traceparent and _SHAPE.fullmatch(traceparent) else None


def trace_id_of(traceparent: str | None) -> str | None:
    """The trace id (32 hex digits) in a header, or None."""
    found = well_formed(traceparent)
    return found.split("-")[1] if found else None


@contextmanager
def _within(
    context: Context | None, name: str, kind: Kind, attributes: dict[str, str | int]
) -> Iterator[None]:
    if _tracer is None:
        with trace.use_span(_unrecorded(context), record_exception=False):
            yield
        return
    # Exceptions are marked by status alone: their messages may hold what somebody sent.
    with _tracer.start_as_current_span(
        name,
        context=context,
        kind=SpanKind[kind.upper()],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        except Exception:
            current.set_status(Status(StatusCode.ERROR))
            raise


def _unrecorded(context: Context | None) -> NonRecordingSpan:
    """The next span of the trace at hand, or the first of a new one; nothing but its ids."""
    parent = trace.get_current_span(context).get_span_context()
    trace_id = parent.trace_id if parent.is_valid else secrets.randbits(128) or 1
    return NonRecordingSpan(SpanContext(trace_id, secrets.randbits(64) or 1, is_remote=False))


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def current_trace_id() -> str | None:
    """The trace id that goes into log lines."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
