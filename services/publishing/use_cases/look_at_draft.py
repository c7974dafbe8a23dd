"""What a draft holds, as preview and release look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.publishing.domain.manuscript import Manuscript
from services.publishing.domain.publication import (
    Draft,
    Edition,
    Publication,
    Text,
    ensure_pictures,
    least_change,
)
from services.publishing.domain.versions import Change
from services.publishing.typesetting.aside import aside
from services.publishing.typesetting.book import reading
from services.publishing.use_cases.newsletters import Images
from services.publishing.use_cases.publication_ports import Editions
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class LookAtDraft:
    """Reads texts and pictures; every text is read once and remembered."""

    editions: Editions
    images: Images

    async def last(self, known: Publication, *, by: Actor) -> Edition | None:
        """The newest edition."""
        if known.latest is None:
            return None
        return await self.editions.read(known.id, known.latest, by=by)

    async def changed(self, known: Publication, last: Edition | None) -> Change:
        """What has changed at least since `last`. Raises what `read` raises, PictureMissing."""
        now = await manuscripts(known.draft.texts)
        ensure_pictures(known.draft, now)
        if last is None:
            return "correction"
        return least_change(await manuscripts(last.texts), now)

    async def shots(self, draft: Draft, *, by: Actor) -> dict[str, bytes]:
        """The pictures' bytes, by their names in the text. Raises NotFound."""
        return {
            name: (await self.images.read(image_id, by=by)).content
            for name, image_id in draft.pictures.items()
        }


async def manuscripts(texts: Mapping[str, Text]) -> dict[str, Manuscript]:
    """Every language's tree. Raises what `read` raises."""
    return {
        language: await aside(reading, text.markdown) for language, text in sorted(texts.items())
    }
