"""What somebody on the staff should look at, and how to be told outside of the system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.mentoring.domain.ids import Username
from services.mentoring.use_cases.attention import (
    EVERY_DATA_PROTECTION_CONTACT,
    staff_recipient,
)
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.ports import Document
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.contracts.event import News
from shared.kernel.actor import Actor


class Notices(Protocol):
    """What waits to be looked at."""

    async def for_(
        self, names: Sequence[str], *, by: Actor, limit: int, offset: int
    ) -> Sealed[tuple[list[Document], int]]:
        """Those not looked at yet, newest first, sealed under the cases that they name."""
        ...

    async def seen(self, notice_id: str, names: Sequence[str], *, by: Actor) -> bool:
        """Mark one as looked at; whether it was there."""
        ...


class OwnContacts(Protocol):
    """Which members of the staff left an address."""

    async def leave(
        self, username: str, roles: Sequence[str], tell: Any, *, by: Actor, once: Any
    ) -> Any:
        """Note that there is one now, with the event that `tell(revision)` gives."""
        ...


@dataclass(frozen=True, slots=True)
class SeeAttention:
    """What waits for you: a case to look at, an emergency access to judge, a review overdue."""

    notices: Notices
    audit: Audit

    async def __call__(
        self, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Document], int]:
        """Each case that is named leaves an entry in the audit before the list is given."""
        sealed = await self.notices.for_(names_of(by), by=by, limit=limit, offset=offset)
        return await self.audit.open(by, sealed, purpose=Purpose.SUPERVISION, rule="own-notices")


@dataclass(frozen=True, slots=True)
class LeaveOwnContact:
    """Leave a phone number or an e-mail address, to be told that something waits. Never what.

    The address goes sealed to notifications and is not kept here.
    """

    contacts: OwnContacts
    cards: ContactCards

    async def __call__(self, phone: str, email: str, *, by: Actor, once: Any, present: Any) -> Any:
        """Raises SealingKeyMissing."""
        recipient = staff_recipient(Username(by.username))
        identity = Identity(phone=phone, email=email)

        async def tell(revision: int) -> News:
            return await self.cards.card(identity, recipient, revision)

        return await self.contacts.leave(
            by.username, sorted(by.roles), tell, by=by, once=(once, present)
        )


def names_of(actor: Actor) -> list[str]:
    """Under which names notices wait for somebody: their own, and their role's."""
    own = [actor.username] if actor.username else []
    return [*own, *({EVERY_DATA_PROTECTION_CONTACT} & actor.roles)]
