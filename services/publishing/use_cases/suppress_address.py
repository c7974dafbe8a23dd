"""Staff write down that an address is not to be written to: by its owner's word, or a complaint."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.domain.address import address
from services.publishing.domain.suppression import Cause, Suppression
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Also, Fingerprinting, Suppressions
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class SuppressAddress:
    """The address need not be on any list; it is kept as a fingerprint alone.

    Nothing that is sent can override it, and it outlives the forgetting of whoever it belongs to.
    """

    suppressions: Suppressions
    fingerprints: Fingerprinting
    transact: Transact
    clock: Clock

    async def __call__(self, text: str, cause: Cause, also: Also[None], *, by: Actor) -> None:
        """Again is harmless. Raises NotAnAddress."""
        del by
        stopped = Suppression(self.fingerprints.of(address(text)), cause, self.clock.now())

        async def work(session: Session) -> None:
            await self.suppressions.add(session, stopped)
            await also(session, None)

        await self.transact(work)
