"""Put in the place of each block what it shows now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.publishing.domain.blocks import (
    Expanded,
    ImageBlock,
    OccasionsBlock,
    Placed,
    PublicationBlock,
    blocks_of,
    expand,
)
from services.publishing.domain.newsletter import Text
from services.publishing.mailing.block_words import Card, Shelf, say
from services.publishing.use_cases.newsletters import Cards, Images, Occasions
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal


class ImageNotKnown(Refusal):
    """An image is uploaded before it is shown."""

    kind = "image-not-known"
    sv = "Bilden på rad {line} finns inte. Ladda upp den först."
    en = "The image on line {line} does not exist. Upload it first."


@dataclass(frozen=True, slots=True)
class Filled:
    """A text without blocks, and how many publications it names that there are none of."""

    text: Expanded
    missing_cards: int = 0


@dataclass(frozen=True, slots=True)
class FillNewsletter:
    """Reads what the blocks of a text need, and writes it down in the language of the text."""

    occasions: Occasions
    cards: Cards
    images: Images
    images_at: str

    async def __call__(self, language: str, markdown: str, now: datetime, *, by: Actor) -> Filled:
        """Raises what `blocks_of` raises, and ImageNotKnown."""
        placed = blocks_of(markdown)
        await self._ensure_images(placed, by)
        names = sorted(_names(placed))
        cards = await self.cards.cards(names, language, by=by) if names else {}
        shelf = await self._shelf(placed, cards, now, by)
        text = expand(markdown, lambda block: say(block, shelf, language))
        return Filled(text, len(names) - len(cards))

    async def all(self, texts: Mapping[str, Text], now: datetime, *, by: Actor) -> dict[str, Text]:
        """Every language, ready to be sent."""
        filled = {tag: await self(tag, text.markdown, now, by=by) for tag, text in texts.items()}
        return {tag: Text(texts[tag].subject, each.text.markdown) for tag, each in filled.items()}

    async def _ensure_images(self, placed: Sequence[Placed], by: Actor) -> None:
        shown = [
            (each.block.id, each.line) for each in placed if isinstance(each.block, ImageBlock)
        ]
        if not shown:
            return
        known = await self.images.known([image_id for image_id, _ in shown], by=by)
        for image_id, line in shown:
            if image_id not in known:
                raise ImageNotKnown(line=line)

    async def _shelf(
        self, placed: Sequence[Placed], cards: Mapping[str, Card], now: datetime, by: Actor
    ) -> Shelf:
        days = [each.block.days for each in placed if isinstance(each.block, OccasionsBlock)]
        if not days:
            return Shelf(now, self.images_at, (), cards)
        until = now + timedelta(days=max(days))
        return Shelf(now, self.images_at, await self.occasions.between(now, until, by=by), cards)


def _names(placed: Sequence[Placed]) -> set[str]:
    return {each.block.name for each in placed if isinstance(each.block, PublicationBlock)}
