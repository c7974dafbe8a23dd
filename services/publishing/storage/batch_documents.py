"""Batch ↔ document: ids and states as bytes, notes by index."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from services.publishing.domain.ledger import Ledger, Note, Page
from services.publishing.domain.smtp_replies import Code
from services.publishing.mailing.ports import Claimed, Entry
from shared.kernel.clock import real_now
from shared.mongo.client import Document

LEASE = timedelta(seconds=10)
_ID = 16


def key(mailing_id: str, number: int) -> str:
    """Of the document."""
    return f"{mailing_id}/{number}"


def new_batch(mailing_id: str, number: int, people: Sequence[uuid.UUID]) -> Document:
    """Everybody waits, and it is due."""
    ledger, now = Ledger.of(len(people)), real_now()
    return {
        "_id": key(mailing_id, number),
        "mailing": mailing_id,
        "n": number,
        "people": b"".join(one.bytes for one in people),
        **_kept(ledger.page(), asdict(ledger.tally()), {}),
        "owner": None,
        "seen_at": now,
        "hinted_at": now.replace(year=1970),
        "due_at": now,
        "version": 1,
    }


def claimed_of(document: Mapping[str, Any]) -> Claimed:
    """A batch as its owner reads it."""
    people = bytes(document["people"])
    return Claimed(
        document["mailing"],
        document["n"],
        document["owner"],
        document["version"],
        [people[at : at + _ID] for at in range(0, len(people), _ID)],
        page_of(document),
    )


def page_of(document: Mapping[str, Any]) -> Page:
    """Its ledger."""
    return Page(
        bytes(document["states"]),
        {int(index): _note(each) for index, each in document["notes"].items()},
        dict(document.get("owed", ())),
    )


def free(lease: timedelta) -> Document:
    """An expression: nobody's, or of somebody who was not seen for the length of a lease."""
    ago = {"$subtract": ["$$NOW", int(lease.total_seconds() * 1000)]}
    return {"$or": [{"$eq": ["$owner", None]}, {"$lt": ["$seen_at", ago]}]}


def kept(entry: Entry, *, literal: bool = False) -> Document:
    """What the owner writes; `literal` inside an aggregation, where nothing is to be evaluated."""
    fields = _kept(entry.page, asdict(entry.tally), entry.codes)
    return {name: {"$literal": each} for name, each in fields.items()} if literal else fields


def _kept(page: Page, tally: Mapping[str, int], codes: Mapping[str, int]) -> Document:
    return {
        "states": page.states,
        "notes": {str(index): _row(note) for index, note in page.notes.items()},
        "tally": dict(tally),
        "codes": [{"code": code, "count": count} for code, count in codes.items()],
        "owed": [[index, kind] for index, kind in page.owed.items()],
        "owes": bool(page.owed),
        "open": bool(tally["waiting"] or tally["in_hand"]),
    }


def _row(note: Note) -> list[Any]:
    code = note.code
    if code is None:
        return [note.attempt, note.first_at]
    enhanced = list(code.enhanced) if code.enhanced else None
    return [note.attempt, note.first_at, code.reply, enhanced]


def _note(row: Sequence[Any]) -> Note:
    if len(row) == 2:
        return Note(row[0], row[1])
    a, b, c = row[3] or (0, 0, 0)
    return Note(row[0], row[1], Code(row[2], (a, b, c) if row[3] else None))
