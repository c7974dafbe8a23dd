"""The provider reports how an SMS went. Reports come late, twice and in any order."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.delivery import State, below, reported
from services.notifications.use_cases.conclude_delivery import ConcludeDelivery
from services.notifications.use_cases.ports import Deliveries, Session, Transact
from shared.kernel.actor import housekeeping

_ACCEPTED: tuple[State, ...] = ("accepted",)


@dataclass(frozen=True, slots=True)
class TakeReport:
    """Durable before it returns. A report proves that the provider accepted the SMS."""

    deliveries: Deliveries
    conclude: ConcludeDelivery
    transact: Transact

    async def __call__(self, delivery_id: str, provider_id: str, status: str) -> None:
        """Take one report in; unknown deliveries and words are passed over, as nothing follows."""
        state = reported(status)
        if state is None:
            return
        by = housekeeping(provider_id)

        # The usual case: nothing follows for the message, so one write does it.
        if state == "sent" and await self.deliveries.move(
            delivery_id, state, since=_ACCEPTED, by=by, provider_id=provider_id
        ):
            return

        async def work(session: Session) -> None:
            moved = await self.deliveries.move(
                delivery_id,
                state,
                since=below(state),
                by=by,
                session=session,
                provider_id=provider_id,
            )
            if moved is not None:
                await self.conclude(session, moved, by=by)

        await self.transact(work)
