"""Every number that a process tells, with its meaning. Labels are few-valued: no ids, no people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_meanings: dict[str, str] = {}


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    _meanings[f"{name}_total"] = meaning
    return Counter(name, meaning, labels, registry=REGISTRY)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    _meanings[name] = meaning
    return Gauge(name, meaning, labels, registry=REGISTRY)


def _histogram(
    name: str, meaning: str, *labels: str, buckets: tuple[float, ...] = _SECONDS
) -> Histogram:
    _meanings[name] = meaning
    return Histogram(name, meaning, labels, registry=REGISTRY, buckets=buckets)


OUTBOX_DEPTH = _gauge("safespace_outbox_depth", "Events saved and not yet confirmed by the broker.")
OUTBOX_OLDEST_SECONDS = _gauge(
    "safespace_outbox_oldest_seconds", "Age of the oldest event not yet confirmed, in seconds."
)
PUBLISHED = _counter(
    "safespace_published",
    "Publishes: confirmed, unknown (timed out) or refused.",
    "outcome",
)
PUBLISH_SECONDS = _histogram(
    "safespace_publish_seconds",
    "From handing an event to the broker to its confirm, in seconds.",
)
HANDLED = _counter(
    "safespace_handled",
    "Events heard, by outcome: handled, superseded, refused, later, retried, parked.",
    "listener",
    "event",
    "outcome",
)
HANDLE_SECONDS = _histogram(
    "safespace_handle_seconds", "One event from arrival to commit, in seconds.", "listener"
)
INBOX_DUPLICATES = _counter(
    "safespace_inbox_duplicates",
    "Copies of events already handled, dropped by the inbox.",
    "listener",
)
RETRIES = _counter(
    "safespace_retries",
    "Events sent to wait and come back, by step (1s … 10m).",
    "listener",
    "step",
)
PARKED = _counter(
    "safespace_parked", "Events given up and parked, by class of reason.", "listener", "reason"
)
COMBINED_GROUP_SIZE = _histogram(
    "safespace_combined_group_size",
    "How many waiting decisions were committed together.",
    "combiner",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)
HTTP_REQUESTS = _counter(
    "safespace_http_requests", "Answers by route template and status.", "method", "route", "status"
)
HTTP_SECONDS = _histogram(
    "safespace_http_seconds",
    "From request to last byte of the answer, in seconds.",
    "method",
    "route",
)
DELIVERIES = _counter(
    "safespace_deliveries",
    "Attempts to reach somebody, by channel and outcome.",
    "channel",
    "outcome",
)
SEALINGS = _counter(
    "safespace_sealings", "Sealed bodies: sealed, opened, failed, unknown-key.", "outcome"
)
AUDIT_READINGS = _counter(
    "safespace_audit_readings",
    "Readings and refusals: recorded, or unavailable (not recorded in time, so nothing was shown).",
    "outcome",
)
AUDIT_SECONDS = _histogram(
    "safespace_audit_seconds", "From asking for an entry to its majority commit, in seconds."
)
AUDIT_CHAIN_BROKEN = _gauge(
    "safespace_audit_chain_broken",
    "1 when the worker found an entry that is not as it was written, and signs no more.",
)
IMPORT_ROWS = _counter(
    "safespace_import_rows",
    "Rows of imported files, by kind of file and outcome.",
    "kind",
    "outcome",
)

MEANINGS: Mapping[str, str] = MappingProxyType(_meanings)
"""Metric name → what it says, for the documents."""


def render() -> bytes:
    """The Prometheus text format of all of them."""
    return generate_latest(REGISTRY)
