"""A card and the event that waits for it may be taken in at the very same moment."""

from __future__ import annotations

import asyncio

from services.notifications.storage.cards import MongoCards
from tests.integration.notifications.world import Party, World


async def waiting_after_both_at_once(world: World, parties: int) -> int:
    people = [Party(phone=None, email=f"kim{n}@skola.example") for n in range(parties)]
    cards = [await world.card(party) for party in people]
    pairs = zip(cards, (party.confirmed() for party in people), strict=True)
    await asyncio.gather(*(world.hear(envelope) for pair in pairs for envelope in pair))
    rows = await world.rows("messages")
    assert len(rows) == parties
    return sum(row["state"] == "waiting-for-card" for row in rows)


async def test_neither_misses_the_other(world: World) -> None:
    """Twenty of each at once: no message waits for a card that is there."""
    assert await waiting_after_both_at_once(world, 20) == 0


async def test_without_holding_they_would(world: World, monkeypatch: object) -> None:
    """The negative control: when nobody holds the card's place, messages are left."""
    monkeypatch.setattr(  # type: ignore[attr-defined]
        MongoCards, "hold", lambda cards, session, who, by: cards.find(who, session, by=by)
    )
    assert await waiting_after_both_at_once(world, 20) > 0
