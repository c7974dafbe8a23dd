"""A draft becomes an edition: looked at, set on paper, told to the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.publishing.domain.publication import Draft, Edition, release
from services.publishing.domain.publication_rules import EditionTooLarge
from services.publishing.domain.versions import Version
from services.publishing.typesetting.aside import aside
from services.publishing.typesetting.book import set_book
from services.publishing.use_cases.look_at_draft import LookAtDraft
from services.publishing.use_cases.ports import Session, Tell, Transact
from services.publishing.use_cases.publication_ports import Also, Editions, Publications
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import VersionConflict

LARGEST_MIB = 12
"""Of a PDF: a document of the database holds 16 MiB."""


@dataclass(frozen=True, slots=True)
class ReleaseEdition:
    """Release the draft as an edition, for ever.

    Its version is one of those that may follow: 1.0.0 first, then a correction (x.y.z+1), an
    addition (x.y+1.0) or a rework (x+1.0.0). Where headings or languages have come or gone, a
    smaller number than that promises is refused. Each language tells what is new.
    """

    publications: Publications
    editions: Editions
    look: LookAtDraft
    transact: Transact
    tell: Tell
    clock: Clock

    async def __call__(
        self,
        id_: str,
        version: Version,
        changes: Mapping[str, str],
        *,
        seen: int,
        by: Actor,
        also: Also[Edition],
    ) -> Edition:
        """Raises VersionConflict, what `release`, `read` and `set_book` raise, EditionTooLarge."""
        known = await self.publications.read(id_, by=by)
        if known.version != seen:
            raise VersionConflict
        last = await self.look.last(known, by=by)
        changed = await self.look.changed(known, last)
        after, edition, out = release(known, last, version, changed, changes, self.clock.now())
        pdfs = await self._set(edition, by)

        async def work(session: Session) -> Edition:
            await self.publications.save(session, after, by=by)
            await self.editions.add(session, edition, pdfs)
            await self.tell(session, out)
            await also(session, edition)
            return edition

        return await self.transact(work)

    async def _set(self, edition: Edition, by: Actor) -> dict[str, bytes]:
        shots = await self.look.shots(Draft(edition.texts, edition.pictures), by=by)
        version, at = str(edition.version), edition.released_at
        pdfs: dict[str, bytes] = {}
        for language, text in edition.texts.items():
            pdfs[language] = await aside(set_book, edition.kind, language, text, version, at, shots)
            if len(pdfs[language]) > LARGEST_MIB * 1024 * 1024:
                raise EditionTooLarge(mib=LARGEST_MIB)
        return pdfs
