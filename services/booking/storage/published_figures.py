"""Published figures ↔ document; pure. Rows are pairs: a municipality's name is no field's name."""

from __future__ import annotations

from typing import Any

from services.booking.domain.attendance_figures import KindFigures
from services.booking.domain.quarter import quarter_named
from services.booking.use_cases.records import PublishedFigures

Document = dict[str, Any]


def figures_document(figures: PublishedFigures) -> Document:
    """By its quarter."""
    return {
        "_id": str(figures.quarter),
        "at": figures.at,
        "kinds": [
            {
                "kind": kind,
                "occasions": each.occasions,
                "people": each.people,
                "tables": {
                    name: list(map(list, rows.items())) for name, rows in each.tables.items()
                },
            }
            for kind, each in figures.kinds.items()
        ],
    }


def figures_of(document: Document) -> PublishedFigures:
    """As it was published."""
    kinds = {
        each["kind"]: KindFigures(
            each["occasions"],
            each["people"],
            {name: dict(rows) for name, rows in each["tables"].items()},
        )
        for each in document["kinds"]
    }
    return PublishedFigures(quarter_named(document["_id"]), kinds, document["at"])
