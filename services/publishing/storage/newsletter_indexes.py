"""Newsletters, their images and what is coming up: collections, and what each index answers."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING

from shared.mongo.client import Database

NEWSLETTERS = "newsletters"
IMAGES = "images"
OCCASIONS = "occasions"
_MONTH = 30 * 24 * 3600


async def make_newsletter_indexes(database: Database) -> None:
    """Make what is missing; making them again changes nothing."""
    newsletters = database[NEWSLETTERS]
    # What an editor goes on with: of a list or a state, the newest first.
    await newsletters.create_index([("list_id", ASCENDING), ("_id", DESCENDING)], name="of_list")
    await newsletters.create_index([("state", ASCENDING), ("_id", DESCENDING)], name="in_state")
    # The archive of a list in a language, the newest first.
    await newsletters.create_index(
        [("list_id", ASCENDING), ("languages", ASCENDING), ("published_at", DESCENDING)],
        name="archive",
        partialFilterExpression={"state": "published"},
    )
    # When did the archive of a list change?
    await newsletters.create_index(
        [("list_id", ASCENDING), ("changed_at", DESCENDING)],
        name="changed",
        partialFilterExpression={"changed_at": {"$type": "date"}},
    )
    # What is coming up, and (by real time) what is long over.
    await database[OCCASIONS].create_index("starts_at", name="coming")
    await database[OCCASIONS].create_index("ends_at", name="over", expireAfterSeconds=_MONTH)
