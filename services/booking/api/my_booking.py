"""`/v1/my-booking`: a participant's own booking, opened by the secret of their link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.booking.api.answering import booking_answer
from services.booking.api.booking_models import HeadCount, MoveWanted, OfferOut
from services.booking.api.my_booking_models import MyBookingOut, MyOfferOut
from services.booking.domain.rules import OfferNotFound
from services.booking.use_cases.answer_offer import AnswerOffer, Yes
from services.booking.use_cases.cancel_booking import CancelBooking
from services.booking.use_cases.change_head_count import ChangeHeadCount
from services.booking.use_cases.move_booking import MoveBooking
from services.booking.use_cases.ports import Bookings
from services.booking.use_cases.see_booking import SeeBooking
from shared.kernel.actor import ANYBODY, Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.web.etags import etag, if_match
from shared.web.examples import documented, sent
from shared.web.idempotency import RequestKey, asked_once, respond
from shared.web.permissions import link_holder

# After the link in each signature: who asks is looked at before anything else that may be wrong.
_ONCE: Any = Depends(asked_once)
_VERSION: Any = Depends(if_match)


@dataclass(frozen=True, slots=True)
class ParticipantDesk:
    """What the routes ask."""

    bookings: Bookings
    see: SeeBooking
    cancel: CancelBooking
    head_count: ChangeHeadCount
    move: MoveBooking
    answer: AnswerOffer


def routes(desk: ParticipantDesk) -> APIRouter:
    """All of them."""

    async def me(secret_hash: Annotated[str, link_holder]) -> Actor:
        """The participant whose link this is; 404 for a link of nobody."""
        record = await desk.bookings.by_link(secret_hash, by=ANYBODY)
        return Actor(
            kind="participant",
            id=record.id,
            booking_id=record.id,
            recipient_id=record.recipient_id,
        )

    who = Depends(me)
    router = APIRouter(prefix="/v1/my-booking", tags=["my-booking"])
    _own(router, desk, who)
    _leaving(router, desk, who)
    _offer(router, desk, who)
    _answering(router, desk, who)
    return router


def _own(router: APIRouter, desk: ParticipantDesk, who: Any) -> None:
    mine = booking_answer(MyBookingOut.of)

    @router.get(
        "",
        summary="Min bokning",
        description=SeeBooking.__doc__ or "",
        responses=documented(MyBookingOut, 200, "Bokningen, med ETag."),
    )
    async def shown(response: Response, actor: Actor = who) -> MyBookingOut:
        standing = await desk.see(_own_id(actor), by=actor)
        response.headers["ETag"] = etag(standing.version)
        return MyBookingOut.of(standing)

    @router.patch(
        "",
        summary="Ändra antal",
        description=ChangeHeadCount.__doc__ or "",
        responses=documented(MyBookingOut, 200, "Bokningen som den är nu."),
    )
    async def changed(
        wanted: Annotated[HeadCount, sent(HeadCount)], actor: Actor = who, version: int = _VERSION
    ) -> Response:
        answer = await desk.head_count(
            _own_id(actor),
            pupils=wanted.pupils,
            adults=wanted.adults,
            version=version,
            by=actor,
            present=mine,
        )
        return respond(answer)


def _leaving(router: APIRouter, desk: ParticipantDesk, who: Any) -> None:
    mine = booking_answer(MyBookingOut.of)

    @router.post(
        "/cancellation",
        summary="Avboka",
        description=CancelBooking.__doc__ or "",
        responses=documented(MyBookingOut, 200, "Avbokad."),
    )
    async def cancelled(
        actor: Actor = who, version: int = _VERSION, once: RequestKey | None = _ONCE
    ) -> Response:
        answer = await desk.cancel(
            _own_id(actor), why=None, version=version, by=actor, once=once, present=mine
        )
        return respond(answer)

    @router.post(
        "/move",
        summary="Flytta till ett annat tillfälle",
        description=MoveBooking.__doc__ or "",
        responses=documented(MyBookingOut, 200, "Bokningen på det nya tillfället."),
    )
    async def moved(
        wanted: Annotated[MoveWanted, sent(MoveWanted)],
        actor: Actor = who,
        version: int = _VERSION,
        once: RequestKey | None = _ONCE,
    ) -> Response:
        answer = await desk.move(
            _own_id(actor),
            OccasionId(wanted.occasion_id),
            when_full=wanted.when_full,
            version=version,
            by=actor,
            once=once,
            present=mine,
        )
        return respond(answer)


def _offer(router: APIRouter, desk: ParticipantDesk, who: Any) -> None:
    @router.get(
        "/offer",
        summary="Mitt erbjudande",
        description="Platser som hålls till svarstiden, om det finns några. Places held until the "
        "deadline; 404 when there are none (any more). An answer names this ETag in If-Match.",
        responses=documented(MyOfferOut, 200, "Erbjudandet, med bokningens ETag."),
    )
    async def offer(response: Response, actor: Actor = who) -> MyOfferOut:
        standing = await desk.see(_own_id(actor), by=actor)
        if standing.offer is None:
            raise OfferNotFound
        response.headers["ETag"] = etag(standing.version)
        held = OfferOut(id=standing.offer.offer_id, deadline=standing.offer.deadline)
        return MyOfferOut(offer=held, size=standing.party.size)


def _answering(router: APIRouter, desk: ParticipantDesk, who: Any) -> None:
    async def answered(
        answer: Yes, version: int, once: RequestKey | None, actor: Actor
    ) -> Response:
        present = booking_answer(MyBookingOut.of)
        given = await desk.answer(
            _own_id(actor),
            answer,
            offer_id=None,
            version=version,
            by=actor,
            once=once,
            present=present,
        )
        return respond(given)

    @router.post(
        "/offer/acceptance",
        summary="Tacka ja",
        description=AnswerOffer.__doc__ or "",
        responses=documented(MyBookingOut, 200, "Platserna är era."),
    )
    async def accepted(
        actor: Actor = who, version: int = _VERSION, once: RequestKey | None = _ONCE
    ) -> Response:
        return await answered("yes", version, once, actor)

    @router.post(
        "/offer/refusal",
        summary="Tacka nej",
        description=AnswerOffer.__doc__ or "",
        responses=documented(MyBookingOut, 200, "Ni avstår platserna."),
    )
    async def declined(
        actor: Actor = who, version: int = _VERSION, once: RequestKey | None = _ONCE
    ) -> Response:
        return await answered("no", version, once, actor)


def _own_id(actor: Actor) -> BookingId:
    return BookingId(actor.booking_id or "")
