"""The collections of delivery, and every index with the question that it answers."""

from __future__ import annotations

from datetime import timedelta

from pymongo import ASCENDING

from shared.mongo.client import Database

OUTBOX = "outbox"
INBOX = "inbox"
DEAD_LETTERS = "dead_letters"
DEAD_LETTER_BODIES = "dead_letter_bodies"
LEASES = "delivery_leases"

UNSENT = "unsent_in_order"
"""The index that finds unsent rows; named to the planner, which would sooner walk all rows."""

KEPT = timedelta(days=90)
"""Inbox marks and sent rows; longer than anything may be replayed (a replay needs its mark)."""

SEALED_KEPT = timedelta(days=7)
"""Sealed and unreadable bodies among the dead letters."""


async def ensure_delivery_indexes(database: Database) -> None:
    """Make what is missing. Safe to call at every start and from several processes."""
    kept = int(KEPT.total_seconds())
    outbox, inbox, dead = database[OUTBOX], database[INBOX], database[DEAD_LETTERS]
    # What is still to be sent? Holds the unsent rows only, so it stays small.
    await outbox.create_index(
        [("state", ASCENDING), ("_id", ASCENDING)],
        name=UNSENT,
        partialFilterExpression={"state": "unsent"},
    )
    # What happened to this booking? (the journal)
    await outbox.create_index([("subject", ASCENDING), ("_id", ASCENDING)], name="journal")
    await inbox.create_index([("subject", ASCENDING), ("at", ASCENDING)], name="journal")
    await dead.create_index([("subject", ASCENDING), ("parked_at", ASCENDING)], name="journal")
    # What waits for an operator?
    await dead.create_index([("state", ASCENDING), ("parked_at", ASCENDING)], name="waiting")
    # What is old enough to go? Rows without the field (unsent, unsealed) never go.
    await outbox.create_index("sent_at", name="kept", expireAfterSeconds=kept)
    await inbox.create_index("at", name="kept", expireAfterSeconds=kept)
    await database[DEAD_LETTER_BODIES].create_index("until", name="kept", expireAfterSeconds=0)
