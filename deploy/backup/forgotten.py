"""Whoever was forgotten stays so: what of a backup's rows is left out when it is put back.

A tombstone stands in a service's key database and names a holder of a key. Which of that service's
rows are about them is said here, per database; what is only under their key is unreadable anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from services.publishing.storage.subscriber_indexes import LETTERS, SUBSCRIBERS
from shared.mongo.client import Document

Gone = frozenset[str]
Rule = Callable[[str, Document, Gone], Document | None]
"""Collection, row, the forgotten → the row as it is put back, or None."""


def _mentoring(collection: str, row: Document, gone: Gone) -> Document | None:
    if collection == "consultations" and row["_id"] in gone:
        return {**row, "words": {}}
    about = {row.get("person_id"), row.get("case_id"), row["_id"]}
    return None if about & gone else row


def _identity(_: str, row: Document, gone: Gone) -> Document | None:
    return None if row["_id"] in gone else row


def _notifications(collection: str, row: Document, gone: Gone) -> Document | None:
    whose = row["_id"] if collection == "cards" else row.get("recipient")
    return None if whose in gone else row


def _publishing(collection: str, row: Document, gone: Gone) -> Document | None:
    if collection == LETTERS:
        return None if row["about"] in gone else row
    return None if collection == SUBSCRIBERS and str(row["_id"].as_uuid()) in gone else row


RULES: Mapping[str, tuple[str, Rule]] = MappingProxyType(
    {
        "mentoring": ("mentoring_keys", _mentoring),
        "mentoring_identity": ("mentoring_keys", _identity),
        "notifications": ("notifications_keys", _notifications),
        "publishing": ("publishing_keys", _publishing),
    }
)
"""Database → whose tombstones count for it, and its rule. Booking's words lie under their keys."""

MAY_GROW_ONLY = ("_audit", "_checkpoints")
"""Ends of names of databases that are never shortened: the longer of both is kept."""
CERTIFICATES = (("mentoring", "forgettings"), ("publishing", "forgettings"))
"""What was made after the backup stays beside what is put back: also a forgetting half done."""
