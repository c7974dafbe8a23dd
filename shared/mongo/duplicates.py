"""Writing what may already be there, and telling that from other errors."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.mongo.client import Collection, Document

_DUPLICATE = 11000


def is_duplicate(error: BaseException, collection: str) -> bool:
    """Whether the error says that the collection already holds such a key."""
    # The server names the collection in the message and nowhere else.
    met = f".{collection} index:"
    if isinstance(error, BulkWriteError):
        failed = (error.details or {}).get("writeErrors", [])
        return any(one["code"] == _DUPLICATE and met in one["errmsg"] for one in failed)
    return isinstance(error, DuplicateKeyError) and met in str(error)


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
