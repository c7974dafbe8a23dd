"""Writing what may already be there, and telling that from other errors."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.mongo.client import Collection, Document

_DUPLICATE = 11000


def is_duplicate(error: BaseException, collection: str) -> bool:
    """Whether the error says that the collection already holds such a key."""
    if not isinstance(error, DuplicateKeyError):
        return False
    # Servers name the namespace in the message; it is the only place that says which collection.
    return f".{collection} index:" in str(error)


async def add_new(collection: Collection, documents: Sequence[Document]) -> frozenset[str]:
    """Insert those whose `_id` is not there yet, in one go; gives back the ids that were.

    Not for transactions: there a duplicate undoes everything.
    """
    try:
        await collection.insert_many(list(documents), ordered=False)
    except BulkWriteError as error:
        failed = (error.details or {}).get("writeErrors", [])
        if any(one.get("code") != _DUPLICATE for one in failed):
            raise
        return frozenset(documents[one["index"]]["_id"] for one in failed)
    return frozenset()
