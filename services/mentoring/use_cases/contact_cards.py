"""How to reach somebody, sealed for notifications alone. The card of mentoring holds no name."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Protocol

from services.mentoring.use_cases.identities import Identity
from shared.contracts.cards import MentoringContactCardSealed
from shared.contracts.event import News
from shared.kernel.ids import RecipientId
from shared.privacy.sealing import PublicKey, seal


class Keys(Protocol):
    """Public keys that were heard of (`shared.privacy.sealing.KnownKeys`)."""

    async def newest(self, service: str) -> PublicKey:
        """Raises SealingKeyMissing."""
        ...


@dataclass(frozen=True, slots=True)
class ContactCards:
    """Makes the events that carry sealed cards."""

    keys: Keys

    async def card(self, identity: Identity, recipient_id: RecipientId, revision: int) -> News:
        """Phone, e-mail and language; nothing that says who it is. Raises SealingKeyMissing."""
        key = await self.keys.newest("notifications")
        fields = {
            "phone": identity.phone,
            "email": identity.email,
            "language": identity.language,
        }
        known = {name: value for name, value in fields.items() if value}
        box = seal(
            key,
            {
                "source": "mentoring",
                "recipient_id": recipient_id,
                "revision": revision,
                **known,
            },
        )
        card = MentoringContactCardSealed(
            recipient_id=recipient_id,
            revision=revision,
            key_id=key.key_id,
            box=base64.b64encode(box).decode(),
        )
        return News(card, subject=recipient_id, sequence=revision, fresh_trace=True)


def can_be_told(identity: Identity) -> bool:
    """Whether there is any way to reach somebody."""
    return bool(identity.phone or identity.email)
