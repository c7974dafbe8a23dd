"""A link per referrer: whoever holds it can refer, and can see nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.mentoring.domain.record_rules import UnknownCode
from services.mentoring.use_cases.ports import Document, Ledger, Saving
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.observability.cause import current_cause
from shared.privacy.derived_link import DerivedLinks
from shared.privacy.link_secret import hash_of

A = TypeVar("A")
LINKS = "referral_links"
KINDS = frozenset({"school", "social-services", "police", "parent", "other"})


@dataclass(frozen=True, slots=True)
class ReferralLink:
    """Whom it was given to (`label`, read from the list alone); the secret is kept nowhere."""

    id: str
    kind: str
    label: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None


class ReferralLinks(Protocol):
    """The links that were given."""

    async def by_hash(self, hashed: str, *, by: Actor) -> ReferralLink:
        """The live one with this secret; raises NotFound."""
        ...

    async def all(
        self, *, by: Actor, limit: int, offset: int
    ) -> Sealed[tuple[Sequence[ReferralLink], int]]:
        """A page, newest first, and how many there are; sealed under the links."""
        ...

    async def document(self, link: ReferralLink, hashed: str, *, by: Actor) -> Document:
        """A new one to store, with the hash of its secret; to whom it was given is encrypted."""
        ...

    async def revoke(self, link_id: str, at: datetime, *, by: Actor) -> None:
        """It opens nothing from now on; again is harmless. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class GiveReferralLink:
    """Make a link for a referrer: a school, the police, a parent. Its secret is shown with it."""

    links: ReferralLinks
    ledger: Ledger
    clock: Clock
    secrets: DerivedLinks

    async def __call__(
        self, kind: str, label: str, *, by: Actor, once: Any, present: Callable[[str], A]
    ) -> Any:
        """The answer; raises UnknownCode."""
        if kind not in KINDS:
            raise UnknownCode
        kept = await self.ledger.answered(once)
        if kept is not None:
            return kept
        link_id = new_id()
        answer = present(link_id)
        link = ReferralLink(link_id, kind, label, by.username, self.clock.now())
        hashed = hash_of(self.secrets.secret_of(link_id))
        document = await self.links.document(link, hashed, by=by)
        saving = Saving(inserts=[(LINKS, document)], cause=current_cause())
        if once is not None:
            saving.once = [(once, answer)]
        await self.ledger.save(saving)
        return answer


@dataclass(frozen=True, slots=True)
class ListReferralLinks:
    """The links that were given, newest first, and to whom."""

    links: ReferralLinks
    audit: Audit

    async def __call__(
        self, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[ReferralLink], int]:
        """Each that is shown leaves an entry in the audit before the list is given."""
        sealed = await self.links.all(by=by, limit=limit, offset=offset)
        return await self.audit.open(by, sealed, purpose=Purpose.INTAKE, rule="referral-links")
