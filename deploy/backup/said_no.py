"""Whoever said no to letters after a backup was made has still said it when that is put back.

A row that is put back meets the one that stands here, and takes its noes over. A yes that was said
since is undone like anything else: whoever said it is asked again, or says it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.publishing.storage.subscriber_documents import from_document, to_document
from services.publishing.storage.subscriber_indexes import SUBSCRIBERS, SUPPRESSIONS
from shared.mongo.client import Document


class Meeting(NamedTuple):
    """What becomes of a row, given the one here; and whether rows stay that only stand here."""

    of: Callable[[Document, Document], Document]
    others_stay: bool


def _stopped(row: Document, here: Document) -> Document:
    """Every cause that either knows; the first time counts."""
    causes = dict(here["causes"])
    for cause, since in row["causes"].items():
        causes[cause] = min(since, causes.get(cause, since))
    return {**row, "causes": causes}


def _narrowed(row: Document, here: Document) -> Document:
    """On no list that they have left since, or are asked about anew."""
    on = dict(row["on"])
    for name, place in on.items():
        now = here["on"].get(name, place)
        if now["state"] == "left" or (place["state"] == "confirmed" != now["state"]):
            on[name] = now
    return row | to_document(from_document({**row, "on": on}))


MEETINGS: Mapping[tuple[str, str], Meeting] = MappingProxyType(
    {
        ("publishing", SUPPRESSIONS): Meeting(_stopped, others_stay=True),
        ("publishing", SUBSCRIBERS): Meeting(_narrowed, others_stay=False),
    }
)
"""Database and collection → how a row meets the one that stands here."""
