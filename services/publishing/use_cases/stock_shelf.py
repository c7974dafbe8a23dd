"""Staff put printed copies on a shelf, count them, and say how many a school may have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.publishing.domain.print_order import local_day
from services.publishing.domain.shelf import Shelf, counted, deliver, new_shelf, shelf_id
from services.publishing.domain.versions import Version
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.publication_ports import Also, Editions, Shelves
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, VersionConflict

DEFAULT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class SeeShelves:
    """What can be ordered: publication, language, edition, copies left, and the limit per school.

    Which school has ordered what is not told here.
    """

    shelves: Shelves

    async def __call__(self, *, by: Actor) -> Sequence[Shelf]:
        """By publication and language."""
        return await self.shelves.listed(by=by)


@dataclass(frozen=True, slots=True)
class StockShelf:
    """The printer has delivered copies of an edition: they lie on the shelf from now on.

    Another edition than the one there takes its place, and what is left of the older one is
    recycled. Copies that were ordered before stay ordered.
    """

    shelves: Shelves
    editions: Editions
    transact: Transact
    clock: Clock

    async def __call__(
        self, publication: str, language: str, edition: Version, copies: int, *, by: Actor,
        also: Also[Shelf],
    ) -> Shelf:  # fmt: skip
        """Raises NotFound (no such edition in this language), CopiesOutOfRange, OlderEdition."""
        released = await self.editions.read(publication, edition, by=by)
        if language not in released.texts:
            raise NotFound

        async def work(session: Session) -> Shelf:
            try:
                known = await self.shelves.read(shelf_id(publication, language), session, by=by)
                after = deliver(known, edition, copies)
            except NotFound:
                day = local_day(self.clock.now())
                after = new_shelf(publication, language, edition, copies, DEFAULT_LIMIT, day)
            saved = await self.shelves.save(session, after, by=by)
            await also(session, saved)
            return saved

        return await self.transact(work)


@dataclass(frozen=True, slots=True)
class CountShelf:
    """Say how many copies lie there that nobody has ordered, or how many a school may order."""

    shelves: Shelves
    transact: Transact

    async def __call__(
        self, id_: str, change: Callable[[Shelf], tuple[int, int]], *, version: int, by: Actor,
        also: Also[Shelf],
    ) -> Shelf:  # fmt: skip
        """`change` gives copies and limit. Raises NotFound, VersionConflict, CopiesOutOfRange."""

        async def work(session: Session) -> Shelf:
            known = await self.shelves.read(id_, session, by=by)
            if known.version != version:
                raise VersionConflict
            saved = await self.shelves.save(session, counted(known, *change(known)), by=by)
            await also(session, saved)
            return saved

        return await self.transact(work)
