"""Events → use cases: the one table of what mentoring hears."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from services.mentoring.use_cases.consult import ReceiveConsultation
from shared.contracts.booking import SupportRequested
from shared.contracts.cards import NotificationsSealingKeyAnnounced
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery.listener import Handler
from shared.delivery.sealed_bodies import OpenBox
from shared.kernel.actor import housekeeping
from shared.mongo.client import Session
from shared.privacy.sealing import KnownKeys


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the handlers ask."""

    keys: KnownKeys
    consult: ReceiveConsultation
    open_box: OpenBox

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what is done with it."""
        return {
            NotificationsSealingKeyAnnounced: self.key_announced,
            SupportRequested: self.support_requested,
        }

    async def key_announced(
        self, _: Envelope, heard: NotificationsSealingKeyAnnounced, session: Session
    ) -> None:
        """From now on cards are sealed with the newest. Learning it again is harmless."""
        del session
        public = base64.b64decode(heard.public_key, validate=True)
        await self.keys.learn(heard.teller, heard.key_id, public, heard.made_at)

    async def support_requested(
        self, envelope: Envelope, heard: SupportRequested, session: Session
    ) -> None:
        """A professional's question, sealed for us alone: answered and counted, nobody on file."""
        inside = await self.open_box(heard.key_id, heard.box)
        reach = [inside.get(name, "") for name in ("name", "phone", "email")]
        await self.consult(
            str(inside.get("question", "")),
            ", ".join(str(each) for each in reach if each),
            profession="other",
            topic="other",
            via="sealed-event",
            by=housekeeping(envelope.id),
            once=None,
            present=lambda asked: asked,
            session=session,
        )
