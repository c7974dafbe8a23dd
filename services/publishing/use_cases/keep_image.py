"""An editor adds an image that newsletters can show."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from services.publishing.domain.images import Image, image
from services.publishing.use_cases.newsletters import Images
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class KeepImage:
    """Keep a PNG or JPEG image, at most 2 MiB. The same image again is the same one.

    What a camera wrote into it (place, time, the camera's number, a smaller copy) is left out, as
    anybody can read it in the archive. How it is described is written where it is shown.
    """

    images: Images

    async def __call__(self, content: bytes, *, by: Actor) -> Image:
        """Raises NotAnImage or ImageTooLarge."""
        kept = await asyncio.to_thread(image, content)
        await self.images.add(kept, by=by)
        return kept
