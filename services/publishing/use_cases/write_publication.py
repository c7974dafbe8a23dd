"""An editor adds a publication, and works on its draft."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.domain.publication import (
    Draft,
    Kind,
    Publication,
    new_publication,
    redraft,
)
from services.publishing.domain.publication_rules import PublicationIsKnown
from services.publishing.use_cases.newsletters import Images
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.publication_ports import Also, Publications
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound, VersionConflict


@dataclass(frozen=True, slots=True)
class AddPublication:
    """Add a brochure or the handbook, by the address under which it can be read for ever.

    It is seen by nobody outside until its first edition is released.
    """

    publications: Publications
    transact: Transact

    async def __call__(
        self, id_: str, kind: Kind, *, by: Actor, also: Also[Publication]
    ) -> Publication:
        """Raises AddressNotPlain, PublicationIsKnown, OneHandbook."""
        new = new_publication(id_, kind)

        async def work(session: Session) -> Publication:
            try:
                saved = await self.publications.save(session, new, by=by)
            except VersionConflict:
                raise PublicationIsKnown from None
            await also(session, saved)
            return saved

        return await self.transact(work)


@dataclass(frozen=True, slots=True)
class WriteDraft:
    """Write the draft: every language with title, summary and Markdown; pictures by file name.

    Markdown is CommonMark with tables, from `#` (a chapter); HTML in it is shown as text. A picture
    is an image kept before, named in the text: `![What it shows](kitchen.png "Caption")`. The draft
    may be unfinished; preview and release look closer.
    """

    publications: Publications
    images: Images
    transact: Transact

    async def __call__(
        self, id_: str, draft: Draft, *, version: int, by: Actor, also: Also[Publication]
    ) -> Publication:
        """Raises NotFound (of a picture's image too), VersionConflict, what `redraft` raises."""
        known = await self.publications.read(id_, by=by)
        if known.version != version:
            raise VersionConflict
        after = redraft(known, draft)
        wanted = frozenset(draft.pictures.values())
        if wanted - await self.images.known(sorted(wanted), by=by):
            raise NotFound

        async def work(session: Session) -> Publication:
            saved = await self.publications.save(session, after, by=by)
            await also(session, saved)
            return saved

        return await self.transact(work)
