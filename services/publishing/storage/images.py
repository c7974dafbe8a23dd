"""Images that newsletters show, by the fingerprint of their content."""

from __future__ import annotations

from collections.abc import Sequence

from services.publishing.domain.images import Image
from services.publishing.storage.newsletter_indexes import IMAGES
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database


class MongoImages:
    """See the port. Anybody may see an image; its id tells what it holds."""

    def __init__(self, database: Database) -> None:
        self._rows = database[IMAGES]

    async def add(self, image: Image, *, by: Actor) -> None:  # noqa: ARG002
        """Once more is quiet."""
        row = {
            "media_type": image.media_type,
            "width": image.width,
            "height": image.height,
            "content": image.content,
        }
        await self._rows.update_one({"_id": image.id}, {"$setOnInsert": row}, upsert=True)

    async def read(self, image_id: str, *, by: Actor) -> Image:  # noqa: ARG002
        """Raises NotFound."""
        row = await self._rows.find_one({"_id": image_id})
        if row is None:
            raise NotFound
        return Image(row["_id"], row["media_type"], row["width"], row["height"], row["content"])

    async def known(self, image_ids: Sequence[str], *, by: Actor) -> frozenset[str]:  # noqa: ARG002
        """Those of them that there are."""
        rows = self._rows.find({"_id": {"$in": list(image_ids)}}, {"_id": 1})
        return frozenset([row["_id"] async for row in rows])
