"""What a draft would look like, on the web and on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.publishing.domain.manuscript import Manuscript
from services.publishing.domain.publication import (
    Draft,
    Publication,
    Text,
    ensure_pictures,
    next_versions,
    redraft,
)
from services.publishing.domain.versions import Version
from services.publishing.typesetting.aside import aside
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
        known, manuscript = await self._known(id_, language, by)
        changed = await self.look.changed(known, await self.look.last(known, by=by))
        return Preview(known, language, manuscript, next_versions(known, changed))

    async def unsaved(self, id_: str, language: str, text: Text, *, by: Actor) -> Preview:
        """One language as it would be with this text; nothing is kept, and no version is named.

        Raises what the preview and `redraft` raise; never NotFound for a new language.
        """
        known = await self.publications.read(id_, by=by)
        texts = {**known.draft.texts, language: text}
        wished = redraft(known, replace(known.draft, texts=texts))
        return Preview(wished, language, await _read(wished.draft, language), ())

    async def pdf(self, id_: str, language: str, *, by: Actor) -> bytes:
        """The same on paper. Raises CannotBeSet, CharacterWithoutFont besides."""
        known, _ = await self._known(id_, language, by)
        return await aside(
            set_book,
            known.kind,
            language,
            known.draft.texts[language],
            str(known.latest or "–"),
            self.clock.now(),
            await self.look.shots(known.draft, by=by),
        )

    async def _known(self, id_: str, language: str, by: Actor) -> tuple[Publication, Manuscript]:
        known = await self.publications.read(id_, by=by)
        if language not in known.draft.texts:
            raise NotFound
        return known, await _read(known.draft, language)


async def _read(draft: Draft, language: str) -> Manuscript:
    manuscript = await aside(reading, draft.texts[language].markdown)
    ensure_pictures(draft, {language: manuscript})
    return manuscript
