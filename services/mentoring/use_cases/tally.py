"""What is counted, on its way to the collection of tallies: no id of anybody, no day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from services.mentoring.domain.days import day_of
from services.mentoring.domain.statistics import Kind, quarter_of
from services.mentoring.use_cases.ports import Document

TALLIES = "tallies"


def tally(kind: Kind, attributes: Mapping[str, str], *, now: datetime) -> tuple[str, Document]:
    """A row to insert. Its id is random: one that holds the time would lead to the case."""
    row = {
        "_id": secrets.token_hex(16),
        "kind": kind,
        "quarter": quarter_of(day_of(now)),
        "attributes": dict(attributes),
    }
    return TALLIES, row
