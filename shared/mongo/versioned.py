"""Saving an aggregate only if nobody else changed it since it was loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.kernel.refusal import VersionConflict
from shared.mongo.client import Collection, Session


async def replace(
    collection: Collection,
    document: Mapping[str, Any],
    expected_version: int,
    session: Session | None = None,
) -> int:
    """Write the whole document where `{_id, version: expected_version}` stands.

    Returns the version it has from now on, which is one more. Expecting 0 means that it is new.

    Raises:
        VersionConflict: another version stands there.
    """
    version = expected_version + 1
    stored = {**document, "version": version}
    if expected_version == 0:
        try:
            await collection.insert_one(stored, session=session)
        except DuplicateKeyError as error:
            if "_id" in (error.details or {}).get("keyPattern", {}):
                raise VersionConflict from error
            raise
        return version
    found = {"_id": document["_id"], "version": expected_version}
    if not (await collection.replace_one(found, stored, session=session)).matched_count:
        raise VersionConflict
    return version
