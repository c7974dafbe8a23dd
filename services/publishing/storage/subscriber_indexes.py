"""What is kept about subscribers, and every index with the question that it answers."""

from __future__ import annotations

from datetime import timedelta

from pymongo import ASCENDING

from shared.mongo.client import Database

SUBSCRIBERS, SUPPRESSIONS, LEAVINGS = "subscribers", "suppressions", "leavings"
_DAY = int(timedelta(days=1).total_seconds())


async def make_subscriber_indexes(database: Database) -> None:
    """Make what is missing. Again is harmless."""
    subscribers = database[SUBSCRIBERS]
    # One mailbox is one subscriber; and: whose is it?
    await subscribers.create_index("blind", name="one_mailbox", unique=True)
    # Who is on this list, by rising id?
    await subscribers.create_index([("confirmed", ASCENDING), ("_id", ASCENDING)], name="on_list")
    # Mailers follow these as they are written; whoever begins later asks the subscribers.
    await database[LEAVINGS].create_index("at", name="kept", expireAfterSeconds=_DAY)
