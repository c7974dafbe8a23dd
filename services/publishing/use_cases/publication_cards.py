"""Publications as newsletters show them: the newest edition of each, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.publishing.domain.languages import chosen
from services.publishing.domain.newsletter_list import DEFAULT
from services.publishing.domain.publication import path_of
from services.publishing.mailing.block_words import Card
from services.publishing.use_cases.publication_ports import Editions, Publications
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class PublicationCards:
    """`site` is where the pages are, without a slash at its end."""

    publications: Publications
    editions: Editions
    site: str

    async def cards(self, names: Sequence[str], language: str, *, by: Actor) -> Mapping[str, Card]:
        """Those of them that have an edition, by name."""
        found = {name: await self._card(name, language, by) for name in names}
        return {name: card for name, card in found.items() if card is not None}

    async def _card(self, name: str, language: str, by: Actor) -> Card | None:
        try:
            known = await self.publications.read(name, by=by)
            if known.latest is None:
                return None
            edition = await self.editions.read(name, known.latest, by=by)
        except NotFound:
            return None
        text = edition.texts[chosen([language], edition.texts, DEFAULT)]
        address = self.site + path_of(name, known.latest)
        return Card(text.title, text.summary, str(known.latest), address)
