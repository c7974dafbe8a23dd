"""What is kept about subscribers, and every index with the question that it answers."""

from __future__ import annotations

from datetime import timedelta

from pymongo import ASCENDING

from shared.mongo.client import Database

SUBSCRIBERS, SUPPRESSIONS, LEAVINGS = "subscribers", "suppressions", "leavings"
LISTS, SEGMENTS, LETTERS = "lists", "segments", "letters"
FORGETTINGS = "forgettings"
_DAY = int(timedelta(days=1).total_seconds())
_QUARTER = int(timedelta(days=90).total_seconds())


async def make_subscriber_indexes(database: Database) -> None:
    """Make what is missing. Again is harmless."""
    subscribers = database[SUBSCRIBERS]
    # One mailbox is one subscriber; and: whose is it?
    await subscribers.create_index("blind", name="one_mailbox", unique=True)
    # Who is on this list, by rising id?
    await subscribers.create_index([("confirmed", ASCENDING), ("_id", ASCENDING)], name="on_list")
    # Whose address does nothing need any more?
    await subscribers.create_index(
        "forget_at", name="to_forget", partialFilterExpression={"forget_at": {"$type": "date"}}
    )
    # Mailers follow these as they are written; whoever begins later asks the subscribers.
    await database[LEAVINGS].create_index("at", name="kept", expireAfterSeconds=_DAY)
    letters = database[LETTERS]
    # What is due? What was left in hand? What waits for somebody to look?
    for state in ("queued", "sending", "uncertain", "failed"):
        await letters.create_index(
            [("due_at", ASCENDING)], name=state, partialFilterExpression={"state": state}
        )
    await letters.create_index("about", name="about")
    # Nobody asks for an old letter any more.
    await letters.create_index("made_at", name="kept", expireAfterSeconds=_QUARTER)
