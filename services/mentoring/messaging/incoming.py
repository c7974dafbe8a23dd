"""Events → use cases: the one table of what mentoring hears."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.cards import NotificationsSealingKeyAnnounced
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery.listener import Handler
from shared.mongo.client import Session
from shared.privacy.sealing import KnownKeys


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the handlers ask."""

    keys: KnownKeys

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what is done with it."""
        return {NotificationsSealingKeyAnnounced: self.key_announced}

    async def key_announced(
        self, _: Envelope, heard: NotificationsSealingKeyAnnounced, session: Session
    ) -> None:
        """From now on cards are sealed with the newest. Learning it again is harmless."""
        del session
        public = base64.b64decode(heard.public_key, validate=True)
        await self.keys.learn(heard.teller, heard.key_id, public, heard.made_at)
