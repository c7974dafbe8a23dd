"""What delivery counts. Labels are services, event types and outcomes; never a subject."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600)

OUTCOMES = Counter(
    "safespace_events_heard",
    "Deliveries by how they ended: handled, superseded, refused, later, failed, parked, "
    "already-handled.",
    ("service", "event_type", "outcome"),
)
HANDLING = Histogram(
    "safespace_event_handling_seconds",
    "From a delivery's turn to its commit.",
    ("service", "event_type"),
    buckets=_SECONDS,
)
RELAYED = Counter(
    "safespace_outbox_published",
    "Publishes of outbox rows: confirmed, or why not.",
    ("service", "result"),
)
RELAY_LAG = Histogram(
    "safespace_outbox_lag_seconds",
    "From the row's making to the broker's confirm.",
    ("service",),
    buckets=_SECONDS,
)
OLDEST_UNSENT = Gauge(
    "safespace_outbox_oldest_unsent_seconds",
    "Age of the oldest row that the broker has not confirmed; 0 if there is none.",
    ("service",),
)
DEAD_LETTERS = Counter(
    "safespace_dead_letters", "Messages that were given up, by reason.", ("service", "reason")
)
COMBINED = Histogram(
    "safespace_combined_members",
    "How many waiting decisions were decided and saved together.",
    buckets=(1, 2, 4, 8, 16, 32, 64),
)
