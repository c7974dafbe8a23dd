"""Certificates of forgetting, for the data-protection contact; and the receipts they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from services.mentoring.use_cases.forgettings import Confirmation, Forgetting, Forgettings
from services.mentoring.use_cases.ports import Session
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor


class Receipts(Protocol):
    """Where receipts are added."""

    async def confirmed(
        self, session: Any, recipient_id: str, receipt: Confirmation, *, by: Actor
    ) -> bool:
        """Add it to the forgetting of this recipient, once; whether it was waited for."""
        ...


@dataclass(frozen=True, slots=True)
class SeeForgetting:
    """What was destroyed where and when, who has confirmed, and what ages out until when."""

    forgettings: Forgettings
    audit: Audit

    async def __call__(self, forgetting_id: str, *, by: Actor) -> Forgetting:
        """Raises NotFound."""
        found = await self.forgettings.one(forgetting_id, by=by)
        await self._record([found.case_id], by)
        return found

    async def listed(self, *, by: Actor, limit: int, offset: int) -> tuple[list[Forgetting], int]:
        """All certificates, newest first."""
        found, total = await self.forgettings.some(by=by, limit=limit, offset=offset)
        if found:
            await self._record([each.case_id for each in found], by)
        return found, total

    async def _record(self, case_ids: list[Any], by: Actor) -> None:
        await self.audit.record(
            by,
            subjects=case_ids,
            fields=["overview"],
            purpose=Purpose.ERASURE,
            rule="certificate",
        )


@dataclass(frozen=True, slots=True)
class TakeReceipt:
    """A service that was told of the person has forgotten them too."""

    receipts: Receipts

    async def __call__(
        self, session: Session, recipient_id: str, receipt: Confirmation, *, by: Actor
    ) -> bool:
        """Whether it was waited for."""
        return await self.receipts.confirmed(session, recipient_id, receipt, by=by)
