"""From a claimed batch to its letters: who is written to now is read, and each letter written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.publishing.mailing.means import Means
from services.publishing.mailing.round import Round
from services.publishing.mailing.scribing import Wanted
from services.publishing.mailing.writing import Letter, Reader
from shared.kernel.clock import real_now

WITHIN = 60.0
"""Seconds for five hundred people: some hundred times what it takes. Whatever hangs then (a child
that writes, a connection) is let go, and so is the batch: a lease that is renewed for nothing keeps
it from everybody."""


async def letters_of(one: Round, means: Means) -> Sequence[Letter]:
    """Who is not to be written to any more is noted in the round.

    Raises:
        StoreAway, StoreRefused, TimeoutError, and what nobody can be written to by.
    """
    async with asyncio.timeout(WITHIN):
        found = await means.readers.of(one.waiting(), one.content.list_id)
        for subscriber, cause in found.stopped.items():
            one.leaves(subscriber, cause)
        readers = [
            Reader(one.recipient(who).to_bytes(16, "big"), who, each.address, each.name)
            for who, each in found.readers.items()
        ]
        wanted = Wanted(readers, [each.language for each in found.readers.values()])
        return await means.writes.write(one.content, wanted, real_now()) if readers else ()
