"""The negative control of the race test: the ledger as it must never be, in the local profile only.

Requests are held after the load until several have the same version in hand, and the save does not
ask for that version. Then a seat is sold twice, which shows that the check is what prevents it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from services.booking.storage.ledger import MongoLedger
from services.booking.use_cases.ports import Loaded
from shared.kernel.ids import OccasionId
from shared.mongo.client import Document, Session

_LONGEST_HOLD = 10.0


class UnsafeLedger(MongoLedger):
    """Without the version check. Raises ValueError unless the profile is `local`."""

    def __init__(self, *args: Any, profile: str, hold_until: int) -> None:
        if profile != "local":
            raise ValueError("the version check is never off outside of the local profile")
        super().__init__(*args)
        self._hold_until, self._holding, self._open = hold_until, 0, asyncio.Event()

    async def load(
        self,
        occasion_id: OccasionId,
        *,
        creating: Sequence[str] = (),
        asked_before: Sequence[Any] = (),
        session: Session | None = None,
    ) -> Loaded:
        """Load, and wait for the others."""
        loaded = await super().load(
            occasion_id, creating=creating, asked_before=asked_before, session=session
        )
        self._holding += 1
        if self._holding >= self._hold_until:
            self._open.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_HOLD):
                await self._open.wait()
        return loaded

    async def _replace(self, version: int, document: Document, session: Session) -> None:
        del version
        stands = await self._occasions.find_one({"_id": document["_id"]}, session=session)
        found = stands["version"] if stands else 0
        await self._occasions.replace_one(
            {"_id": document["_id"]}, {**document, "version": found + 1}, session=session
        )
