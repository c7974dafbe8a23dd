"""Spans leave a process by OpenTelemetry's own protocol when there is somewhere to send them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from shared.contracts.booking import HeadCountChanged
from shared.kernel.ids import new_id
from shared.observability import tracing
from shared.observability.cause import Cause, because_of
from shared.observability.tracing import current_traceparent, set_up_tracing, span
from tests.integration.delivery.ends import Ends, head_count
from tests.support.eventually import eventually


class Collector(ThreadingHTTPServer):
    """Takes what an OTLP exporter posts, and keeps it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Posts)

    def spans(self) -> dict[str, Span]:
        """By name."""
        found = {}
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    found.update({each.name: each for each in scope.spans})
        return found


class _Posts(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Collector)
        self.server.bodies.append(body)
        self.send_response(200)
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing is printed."""


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Spans of this process go to it, uncompressed and soon."""
    monkeypatch.setattr(tracing, "_tracer", None)
    with Collector() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{running.server_address[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield running
        # Else it tries to send what is left at the end of the whole run, to nobody.
        sent: Any = tracing._tracer
        sent.span_processor.shutdown()
        running.shutdown()
        thread.join()


async def test_one_trace_goes_over_outbox_and_broker(ends: Ends, collector: Collector) -> None:
    """What a listener does is a child of what told it, in one trace, with nothing of the event."""
    assert set_up_tracing("notifications", "worker")
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    subject = new_id()
    with span("a request"):
        begun = current_traceparent()
        with because_of(Cause("c-1", traceparent=begun)):
            await ends.tell(head_count(subject, 1))
    await ends.effects_reach(1)
    heard = f"hear {HeadCountChanged.routing_key()}"
    spans = await eventually(lambda: _if_all_there(collector, "a request", heard))
    told, hear = spans["a request"], spans[heard]
    assert begun is not None
    assert (told.trace_id.hex(), told.span_id.hex()) == tuple(begun.split("-")[1:3])
    assert (hear.trace_id, hear.parent_span_id) == (told.trace_id, told.span_id)
    assert subject.encode() not in b"".join(collector.bodies)


def _if_all_there(collector: Collector, *names: str) -> dict[str, Span] | None:
    found = collector.spans()
    return found if set(names) <= found.keys() else None
