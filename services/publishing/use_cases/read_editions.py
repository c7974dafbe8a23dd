"""Anybody reads what was released: the newest edition, and every older one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.publishing.domain.figures import shown, table
from services.publishing.domain.languages import chosen
from services.publishing.domain.manuscript import Manuscript
from services.publishing.domain.print_order import local_day
from services.publishing.domain.publication import Edition, Publication
from services.publishing.domain.searching import Found, search, sections
from services.publishing.domain.versions import Version, parse
from services.publishing.typesetting.book import reading
from services.publishing.use_cases.publication_ports import (
    Downloads,
    Editions,
    Listed,
    Pdf,
    Publications,
)
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Reading:
    """An edition in one language, read."""

    edition: Edition
    language: str
    manuscript: Manuscript


@dataclass(frozen=True, slots=True)
class ReadEditions:
    """An edition in one language, as HTML with its headings. `latest` is the newest.

    The language is the one asked for, or the nearest that there is. Old editions stay for ever.
    """

    publications: Publications
    editions: Editions

    async def __call__(self, id_: str, version: str, language: str, *, by: Actor) -> Reading:
        """Raises NotFound, NotAVersion."""
        edition = await self._edition(id_, version, by)
        nearest = chosen([language], edition.texts.keys(), "sv")
        manuscript = await asyncio.to_thread(reading, edition.texts[nearest].markdown)
        return Reading(edition, nearest, manuscript)

    async def listed(
        self, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[Publication], int]:
        """Publications that have an edition, by address."""
        return await self.publications.listed(released=True, limit=limit, offset=offset, by=by)

    async def all_of(self, id_: str, *, by: Actor) -> Sequence[Listed]:
        """Every edition, the newest first, with what was new in it. Raises NotFound."""
        found = await self.editions.listed(id_, by=by)
        if not found:
            raise NotFound
        return found

    async def search(
        self, id_: str, version: str, language: str, question: str, *, by: Actor
    ) -> tuple[Reading, tuple[Found, ...]]:
        """Sections of an edition that hold every word asked for. Raises NotFound."""
        found = await self(id_, version, language, by=by)
        return found, await asyncio.to_thread(_search, found.manuscript, question)

    async def _edition(self, id_: str, version: str, by: Actor) -> Edition:
        if version != LATEST:
            return await self.editions.read(id_, parse(version), by=by)
        known = await self.publications.read(id_, by=by)
        if known.latest is None:
            raise NotFound
        return await self.editions.read(id_, known.latest, by=by)


@dataclass(frozen=True, slots=True)
class FetchPdf:
    """The PDF of an edition in one language, the same bytes for ever.

    That it was fetched is counted by edition and day; nothing about who is looked at or kept.
    """

    editions: Editions
    downloads: Downloads
    clock: Clock

    async def __call__(self, id_: str, version: str, language: str, *, by: Actor) -> Pdf:
        """Raises NotFound, NotAVersion."""
        return await self.editions.pdf(id_, parse(version), language, by=by)

    async def count(self, id_: str, version: str, language: str) -> None:
        """One more: it was sent whole."""
        day = local_day(self.clock.now())
        await self.downloads.count(f"{id_}/{version}", language, day)


@dataclass(frozen=True, slots=True)
class SeeDownloads:
    """How often an edition was fetched as PDF, in all and by day.

    A number of one to four is hidden (null), and another beside it, so that it cannot be reckoned.
    """

    editions: Editions
    downloads: Downloads

    async def __call__(
        self, id_: str, version: Version, *, by: Actor
    ) -> tuple[int | None, Mapping[date, int | None]]:
        """Raises NotFound."""
        edition = await self.editions.read(id_, version, by=by)
        days = await self.downloads.of(edition.id, by=by)
        hidden = table({day.isoformat(): count for day, count in days.items()})
        told = {date.fromisoformat(day): count for day, count in hidden.items()}
        return shown(sum(days.values())), told


def _search(manuscript: Manuscript, question: str) -> tuple[Found, ...]:
    return search(sections(manuscript), question)
