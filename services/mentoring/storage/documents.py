"""Aggregate ↔ document; pure. MongoDB knows no calendar day: it is text.

The way back is pydantic's: a document that does not fit the aggregate's types does not load.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from services.mentoring.domain.case import Case
from shared.mongo.client import Document

_CASE: TypeAdapter[Case] = TypeAdapter(Case)


def case_document(case: Case) -> Document:
    """The whole aggregate, and who is around it, which lists look for."""
    document: Document = plain(case)
    document["_id"] = document.pop("id")
    document["around"] = sorted({relation.username for relation in case.circle})
    return document


def case_of(document: Document) -> Case:
    """The aggregate."""
    return _CASE.validate_python({**document, "id": document["_id"]})


def plain(value: Any) -> Any:
    """What BSON can hold: dataclasses become documents, days text, sets and tuples lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(plain(each) for each in value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value
