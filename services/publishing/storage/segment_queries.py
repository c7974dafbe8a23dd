"""A segment as MongoDB asks it. It agrees with `domain.segments.holds`; a test compares the two."""

from __future__ import annotations

from services.publishing.domain.segments import All, Any, Field, Is, Not, Segment, Since
from shared.mongo.client import Document

_FIELDS: dict[Field, str] = {
    "list": "confirmed",
    "language": "language",
    "tag": "tags",
    "municipality": "municipality",
    "role": "role",
}


def on_list(list_id: str, segment: Segment) -> Document:
    """Who is confirmed on the list and in the segment."""
    return {"confirmed": list_id, "$and": [_asked(segment, list_id)]}


def _asked(segment: Segment, list_id: str) -> Document:
    match segment:
        case Is(field, values):
            # Nobody has an empty value: it stands for "not said".
            return {_FIELDS[field]: {"$in": sorted(values - {""})}}
        case Since(at):
            return {f"on.{list_id}.consent.confirmed_at": {"$gte": at}}
        case All(parts):
            return {"$and": [_asked(part, list_id) for part in parts]} if parts else {}
        case Any(parts):
            return {"$or": [_asked(part, list_id) for part in parts]} if parts else {"_id": None}
        case Not(part):
            return {"$nor": [_asked(part, list_id)]}
