"""A person decides about a delivery that nobody knows the fate of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from services.notifications.domain.delivery import Delivery, State
from services.notifications.use_cases.conclude_delivery import ConcludeDelivery
from services.notifications.use_cases.ports import Deliveries, Session, Transact
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.refusal import NotFound, Refusal

Decision = Literal["arrived", "lost", "send-again"]
Also = Callable[[Session, Delivery], Awaitable[None]]
_OPEN: tuple[State, ...] = ("uncertain",)
_STATES: dict[Decision, State] = {"arrived": "delivered", "lost": "failed", "send-again": "queued"}


class NotUncertain(Refusal):
    """The delivery's fate is known, so there is nothing to decide."""

    kind = "delivery-not-uncertain"
    sv = "Det är redan klart vad som hände med det här utskicket."
    en = "It is known already what became of this delivery."


@dataclass(frozen=True, slots=True)
class DecideUncertain:
    """`arrived`: they got it. `lost`: they did not. `send-again`: try once more."""

    deliveries: Deliveries
    conclude: ConcludeDelivery
    transact: Transact

    async def __call__(
        self, actor: Actor, delivery_id: str, decision: Decision, also: Also
    ) -> Delivery:
        """The delivery as it stands after the decision; who decided is kept.

        `also` is done in the same transaction (the answer is recorded there).

        Raises:
            NotFound, NotUncertain: see there.
        """

        async def work(session: Session) -> Delivery:
            moved = await self.deliveries.move(
                delivery_id, _STATES[decision], since=_OPEN, by=actor, session=session,
                due_at=real_now(), decided_by=actor.id, decision=decision,
            )  # fmt: skip
            if moved is None:
                if await self.deliveries.find(delivery_id, session, by=actor) is None:
                    raise NotFound
                raise NotUncertain
            if moved.state != "queued":
                await self.conclude(session, moved, by=actor)
            await also(session, moved)
            return moved

        return await self.transact(work)
