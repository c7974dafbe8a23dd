"""How parties would be reached by a reminder now: by which channel, never at which address."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.domain.channel_plan import Channel, first_channels
from services.notifications.domain.reminders import is_reminded, today
from services.notifications.use_cases.plan_deliveries import reach
from services.notifications.use_cases.ports import Cards, Messages, Stories
from services.notifications.use_cases.templates import template
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Reached:
    """One booking: its channel if any, and whether it has been reminded today already."""

    about: str
    channel: Channel | None
    reminded: bool


@dataclass(frozen=True, slots=True)
class SeeReach:
    """By which channel a reminder of each booking would go now, and whose is one too many today.

    One that is not expected anywhere, or that the asker may not know of, has no channel.
    """

    cards: Cards
    stories: Stories
    messages: Messages
    clock: Clock

    async def __call__(self, about: Sequence[str], *, by: Actor) -> list[Reached]:
        """In the order in which they were asked for."""
        return list(await asyncio.gather(*(self._one(each, by) for each in about)))

    async def _one(self, about: str, by: Actor) -> Reached:
        story = await self.stories.find(None, about, by=by)
        expected = story.expected_at if story else None
        if story is None or expected is None:
            return Reached(about, None, reminded=False)
        card = await self.cards.find(story.recipient, by=by)
        # Nobody's card yet, or a forgotten one: there is nothing to send to.
        ways = first_channels(template("reminder-24h").email, reach(card)) if card else ()
        earlier = await self.messages.reminders(None, about, by=by)
        day = today(expected, self.clock.now())
        return Reached(about, next(iter(ways), None), is_reminded(earlier, day))
