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
from services.publishing.feeds.doors.noting import Noting
from services.publishing.feeds.log.tail import Tail
from services.publishing.feeds.storage.log import Sight
from services.publishing.feeds.storage.receipts import Passage
from services.publishing.feeds.use_cases.come_in import Came, ComeIn
from services.publishing.feeds.use_cases.look_again import IN_ORDER, LATELY

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
    noting: Noting
    come_in: ComeIn

    async def page(self, came: Came, last: str | None, asked: Filter, *, limit: int) -> list[Entry]:
        """The next entries after one, as many as the database has now. Raises as `forward`."""
        after = await self.tail.position_of(last)
        partner = await self.come_in.still_in(came, READ, self.tail.partners_changed)
        sight = sight_of(partner, asked)
        found, upto = await self.tail.after(after, sight, limit, anew=True)
        given = [Passage(after, upto)] if found else []
        await self.noting.now(partner.id, "feed", given, has_upto=after if last else None)
        return found

    async def poll(
        self,
        came: Came,
        last: str | None,
        asked: Filter,
        *,
        limit: int,
        seconds: float,
        over: Callable[[], bool],
    ) -> list[Entry]:
        """The same, waited for if there are none. `over`: nobody waits for it any more."""
        after, partner = await self.tail.position_of(last), came.partner.id
        has = after if last else None
        async with self.tail.listening():
            # From here on to the answer nothing is written, as many may be answered at once.
            await self.noting.now(partner, "feed", has_upto=has, begins=after)
            given: list[Passage] = []
            try:
                async for found, upto in self.forward(came, after, asked, limit, seconds):
                    if found:
                        given = [Passage(after, upto)]
                    if found or over():
                        return found
            finally:
                self.noting.flows(partner, "feed", given, ends=[after])
        # After a wait in vain the database is asked, which nothing can have kept from telling.
        return await self.page(came, last, asked, limit=limit)

    async def forward(
        self,
        came: Came,
        after: int,
        asked: Filter,
        limit: int,
        seconds: float,
        *,
        anew: bool = False,
    ) -> AsyncIterator[tuple[list[Entry], int]]:
        """Part after part of the log, and nothing at least every second; until these are over.

        To be called while the tail is listened to. Before each part it is asked whether the partner
        is still one. `anew`: the first part is as the database has it.

        Raises:
            KeyDoesNotOpen, ScopeMissing: see `ComeIn.still_in`.
        """
        end = time.monotonic() + seconds
        position, tail = after, self.tail
        while True:
            bell, heard = tail.bell(), tail.partners_changed
            # What the stream brings came after whatever had happened to partners before it.
            holds = IN_ORDER if not anew and tail.brings(position) else LATELY
            partner = await self.come_in.still_in(came, READ, heard, holds)
            found, upto = await tail.after(position, sight_of(partner, asked), limit, anew=anew)
            if heard != tail.partners_changed:
                continue
            anew = False
            if found or upto == position:
                yield found, upto
            if upto > position:
                position = upto
                continue
            left = end - time.monotonic()
            if left <= 0:
                return
            await tail.wait(bell, left)


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
