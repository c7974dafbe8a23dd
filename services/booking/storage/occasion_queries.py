"""A wish for a list of occasions, as a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from services.booking.spreadsheets.season_file import fold
from services.booking.storage.indexes import BY_WORDS
from services.booking.use_cases.occasion_lists import Condition, OccasionsWanted, Order
from shared.mongo.client import Document

_FILLED: Document = {"$add": ["$people.confirmed", "$people.offered"]}
_CONDITIONS: Mapping[Condition, Document] = MappingProxyType(
    {
        "free": {"$expr": {"$lt": [_FILLED, "$capacity"]}},
        "full": {"$expr": {"$gte": [_FILLED, "$capacity"]}},
        "waiting": {"people.waiting": {"$gt": 0}},
        "offered": {"people.offered": {"$gt": 0}},
        "flagged": {"flags.0": {"$exists": True}},
        "cancelled": {"cancelled": {"$ne": None}},
    }
)
_SORTS: Mapping[str, str] = MappingProxyType(
    {"starts_at": "starts_at", "title": "title_folded", "waiting": "people.waiting"}
)


def occasion_query(wanted: OccasionsWanted, leaders: Sequence[str] | None) -> Document:
    """`leaders` are the names of whoever shall lead it, None for anybody."""
    ends = (("$gte", wanted.first), ("$lt", wanted.end))
    starts = {name: at for name, at in ends if at is not None}
    words: Callable[[str], Document] = lambda text: {"$regex": re.escape(fold(text))}  # noqa: E731
    asked: Document = {
        "starts_at": starts or None,
        "activity_id": wanted.activity_id,
        "room": wanted.room,
        "title_folded": words(wanted.words) if wanted.words else None,
        "_id": {"$in": list(wanted.among)} if wanted.among else None,
        "leaders": None if leaders is None else {"$in": list(leaders)},
    }
    query = {name: value for name, value in asked.items() if value is not None}
    if wanted.condition is None:
        return query
    takes_place: Document = {} if wanted.condition == "cancelled" else {"cancelled": None}
    return {**query, **takes_place, **_CONDITIONS[wanted.condition]}


def index_for(wanted: OccasionsWanted) -> str | None:
    """Which index looks for words in titles; None where the database chooses well by itself.

    It has to be told: any index that is in the calendar's order looks as good to it, and one that
    lacks the title reads every occasion.
    """
    asks = wanted.words and wanted.first and not wanted.among
    return BY_WORDS if asks else None


def occasion_order(order: Order) -> list[tuple[str, int]]:
    """Whatever is first, the earliest comes next, and the order is the same every time."""
    field = _SORTS[order.removeprefix("-")]
    first = (field, -1 if order.startswith("-") else 1)
    rest = [("starts_at", 1)] if field != "starts_at" else []
    return [first, *rest, ("_id", 1)]
