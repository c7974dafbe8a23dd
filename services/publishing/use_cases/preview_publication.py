"""What a draft would look like, on the web and on paper."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from services.publishing.domain.manuscript import Manuscript
from services.publishing.domain.publication import Publication, ensure_pictures, next_versions
from services.publishing.domain.versions import Version
from services.publishing.typesetting.book import reading, set_book
from services.publishing.use_cases.look_at_draft import LookAtDraft
from services.publishing.use_cases.publication_ports import Publications
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Preview:
    """One language of a draft, read; and the versions that a release may have."""

    publication: Publication
    language: str
    manuscript: Manuscript
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class PreviewPublication:
    """The draft in one language: as HTML, with its headings, and the versions that it may have.

    What a release would refuse in the text is refused here too, with its line.
    """

    publications: Publications
    look: LookAtDraft
    clock: Clock

    async def __call__(self, id_: str, language: str, *, by: Actor) -> Preview:
        """Raises NotFound for a language without a text; what `read` raises, PictureMissing."""
        known, manuscript = await self._read(id_, language, by)
        changed = await self.look.changed(known, await self.look.last(known, by=by))
        return Preview(known, language, manuscript, next_versions(known, changed))

    async def pdf(self, id_: str, language: str, *, by: Actor) -> bytes:
        """The same on paper. Raises CannotBeSet, CharacterWithoutFont besides."""
        known, _ = await self._read(id_, language, by)
        return await asyncio.to_thread(
            set_book,
            known.kind,
            language,
            known.draft.texts[language],
            str(known.latest or "–"),
            self.clock.now(),
            await self.look.shots(known.draft, by=by),
        )

    async def _read(self, id_: str, language: str, by: Actor) -> tuple[Publication, Manuscript]:
        known = await self.publications.read(id_, by=by)
        if language not in known.draft.texts:
            raise NotFound
        manuscript = await asyncio.to_thread(reading, known.draft.texts[language].markdown)
        ensure_pictures(known.draft, {language: manuscript})
        return known, manuscript
