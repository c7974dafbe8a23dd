"""Publications, editions and printed copies: collections, and what each index answers or keeps."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING

from shared.mongo.client import Database

PUBLICATIONS = "publications"
EDITIONS = "editions"
EDITION_FILES = "edition_files"
DOWNLOADS = "downloads"
SHELVES = "shelves"
PRINT_ORDERS = "print_orders"


async def make_publication_indexes(database: Database) -> None:
    """Make what is missing; making them again changes nothing."""
    # There is one handbook: two that are added at the same time meet here.
    await database[PUBLICATIONS].create_index(
        "kind", unique=True, name="handbook", partialFilterExpression={"kind": "handbook"}
    )
    # A number is given once, so that two releases at the same time make one edition.
    await database[EDITIONS].create_index(
        [("publication_id", ASCENDING), ("number", DESCENDING)], unique=True, name="numbered"
    )
    await database[DOWNLOADS].create_index("edition", name="of_edition")
    orders = database[PRINT_ORDERS]
    # Whose link is this? And whose number?
    await orders.create_index("link_hash", unique=True, name="link")
    await orders.create_index("number", unique=True, name="number")
    # What waits to be packed or sent, the oldest first.
    await orders.create_index([("state", ASCENDING), ("ordered_at", ASCENDING)], name="in_state")
    # Whose contact is to be forgotten by now? Few are known for long.
    await orders.create_index(
        "forget_at", name="forget", partialFilterExpression={"cipher": {"$exists": True}}
    )
