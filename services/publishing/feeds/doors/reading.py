"""What the doors share: from where on somebody reads, what is in sight, and the receipts."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from services.publishing.feeds.domain.entry import Entry, seen_with
from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import ScopeMissing
from services.publishing.feeds.log.tail import Tail
from services.publishing.feeds.storage.log import Sight
from services.publishing.feeds.storage.receipts import Receipts
from services.publishing.feeds.use_cases.come_in import Came, ComeIn

Types = Annotated[
    list[str] | None,
    Query(description="Bara dessa typer, t.ex. se.safespace.booking.* – only these types."),
]
Places = Annotated[
    list[str] | None,
    Query(description="Bara dessa platser, och det som inte har någon – only these places."),
]
READ = "feed:read"
LOOKS = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One of each, for all doors that partners come to."""

    tail: Tail
    receipts: Receipts
    come_in: ComeIn

    async def page(
        self,
        came: Came,
        after: int,
        asked: Filter,
        *,
        limit: int,
        seconds: float,
        over: Callable[[], bool],
    ) -> tuple[list[Entry], int]:
        """The next entries, waited for; and up to which position that is all there is.

        `over`: nobody waits for it any more.
        """
        async with self.tail.listening():
            async for found, upto in self.forward(came, after, asked, limit, seconds):
                if found or over():
                    return found, upto
        return [], after

    async def forward(
        self, came: Came, after: int, asked: Filter, limit: int, seconds: float
    ) -> AsyncIterator[tuple[list[Entry], int]]:
        """Part after part of the log, and nothing now and then; until so many seconds are over.

        To be called while the tail is listened to. Before each part it is asked whether the partner
        is still one. Raises KeyDoesNotOpen, ScopeMissing.
        """
        end = time.monotonic() + seconds
        position, anew = after, True
        while True:
            bell = self.tail.bell()
            partner = await self.come_in.still_in(came, READ, self.tail.partners_changed)
            sight = sight_of(partner, asked)
            found, upto = await self.tail.after(position, sight, limit=limit, anew=anew)
            anew = False
            if found or upto == position:
                yield found, upto
            if upto > position:
                position = upto
                continue
            left = end - time.monotonic()
            if left <= 0:
                return
            await self.tail.wait(bell, min(left, 1.0))


def sight_of(partner: Partner, asked: Filter) -> Sight:
    """What the partner may see of what it asks for."""
    return Sight(seen_with(partner.scopes), partner.only, asked)


def ensure_reads(partner: Partner) -> None:
    """Refuse who may read nothing at all. Raises ScopeMissing."""
    if not seen_with(partner.scopes):
        raise ScopeMissing(scope=READ)


def asked_filter(types: Sequence[str] | None, places: Sequence[str] | None) -> Filter:
    """As it stands in the query. Raises FilterMakesNoSense."""
    return Filter(tuple(types or ()), tuple(places or ()))
