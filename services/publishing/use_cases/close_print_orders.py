"""What time does to print orders: they arrive, and whom they were for is forgotten."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from services.publishing.domain.print_order import ARRIVES_WITHIN, PrintOrder, arrives
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.publication_ports import PrintOrders
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock
from shared.kernel.refusal import VersionConflict

_BY = housekeeping("close-print-orders")


@dataclass(frozen=True, slots=True)
class ClosePrintOrders:
    """Count what was sent two weeks ago as delivered; forget contacts whose time has come."""

    orders: PrintOrders
    transact: Transact
    clock: Clock

    async def __call__(self) -> int:
        """How many orders were changed; more may be waiting when there were any."""
        now = self.clock.now()
        arrived = 0
        for one in await self.orders.sent_before(now - ARRIVES_WITHIN, by=_BY):
            arrived += await self._arrive(arrives(one, now))
        return arrived + await self.orders.forget_due(now, by=_BY)

    async def _arrive(self, after: PrintOrder) -> int:
        async def work(session: Session) -> None:
            await self.orders.save(session, after, by=_BY)

        # Staff may have been faster: then it is as they say.
        with contextlib.suppress(VersionConflict):
            await self.transact(work)
            return 1
        return 0
