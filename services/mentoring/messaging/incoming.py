"""Events → use cases: the one table of what mentoring hears."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from services.mentoring.use_cases.consult import ReceiveConsultation
from services.mentoring.use_cases.forgettings import Confirmation
from services.mentoring.use_cases.handbook import HearOfEdition
from services.mentoring.use_cases.hear_of_rooms import HearOfRooms
from services.mentoring.use_cases.see_forgettings import TakeReceipt
from shared.contracts.booking import RoomHeld, RoomRefused, RoomReleased, SupportRequested
from shared.contracts.cards import NotificationsSealingKeyAnnounced
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.contracts.notifications import ForgettingReceipt
from shared.contracts.publishing import EditionReleased
from shared.delivery.inbox import HANDLED, SUPERSEDED, Outcome
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
    rooms: HearOfRooms
    take_receipt: TakeReceipt
    edition: HearOfEdition

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what is done with it."""
        return {
            NotificationsSealingKeyAnnounced: self.key_announced,
            SupportRequested: self.support_requested,
            ForgettingReceipt: self.forgetting_confirmed,
            RoomHeld: self.room_held,
            RoomRefused: self.room_refused,
            RoomReleased: self.room_released,
            EditionReleased: self.edition_released,
        }

    async def key_announced(
        self, _: Envelope, heard: NotificationsSealingKeyAnnounced, session: Session
    ) -> None:
        """From now on cards are sealed with the newest. Learning it again is harmless."""
        del session
        public = base64.b64decode(heard.public_key, validate=True)
        await self.keys.learn(heard.teller, heard.key_id, public, heard.made_at)

    async def room_held(self, envelope: Envelope, heard: RoomHeld, session: Session) -> Outcome:
        """The meeting that waits for it is settled; if none does, the room is given back."""
        by = housekeeping(envelope.id)
        known = await self.rooms.held(heard.request_id, heard.room, by=by, session=session)
        return HANDLED if known else SUPERSEDED

    async def room_refused(
        self, envelope: Envelope, heard: RoomRefused, session: Session
    ) -> Outcome:
        """The meeting is what it was before it asked, and its staff decide anew."""
        by = housekeeping(envelope.id)
        known = await self.rooms.refused(heard.request_id, by=by, session=session)
        return HANDLED if known else SUPERSEDED

    async def room_released(
        self, envelope: Envelope, heard: RoomReleased, session: Session
    ) -> Outcome:
        """As we asked, which is quiet; or booking needed the room, and staff are told."""
        by = housekeeping(envelope.id)
        known = await self.rooms.released(heard.request_id, by=by, session=session)
        return HANDLED if known else SUPERSEDED

    async def edition_released(
        self, envelope: Envelope, heard: EditionReleased, session: Session
    ) -> Outcome:
        """Of the handbook: mentors are asked whether they have read it. Brochures are not ours."""
        if heard.kind != "handbook":
            return HANDLED
        by = housekeeping(envelope.id)
        known = await self.edition(
            envelope.sequence, heard.edition, heard.path, heard.released_at, by=by, session=session
        )
        return HANDLED if known else SUPERSEDED

    async def forgetting_confirmed(
        self, envelope: Envelope, heard: ForgettingReceipt, session: Session
    ) -> None:
        """Another service has forgotten somebody too: the certificate says so."""
        receipt = Confirmation(envelope.teller, envelope.time, heard.removed)
        by = housekeeping(envelope.id)
        if heard.source == "mentoring":
            await self.take_receipt(session, heard.recipient_id, receipt, by=by)

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
