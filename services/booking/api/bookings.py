"""`/v1/bookings`: asking for places (anybody may), and what staff do with bookings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.booking.api.answering import booking_answer
from services.booking.api.booking_models import (
    BookedOut,
    BookingOut,
    BookingWanted,
    CancelWanted,
    ContactModel,
    HeadCount,
    MoveWanted,
)
from services.booking.api.own_link import link_for, with_link
from services.booking.api.refusals import (
    BrokenEmail,
    BrokenPhone,
    ContactMissing,
    PhoneCannotTakeSms,
)
from services.booking.spreadsheets.contact import Contact, contact_of
from services.booking.spreadsheets.schools import municipality_of
from services.booking.use_cases.ask_for_places import AskForPlaces, PlacesAsked
from services.booking.use_cases.cancel_booking import CancelBooking
from services.booking.use_cases.change_head_count import ChangeHeadCount
from services.booking.use_cases.move_booking import MoveBooking
from services.booking.use_cases.records import BookingState
from services.booking.use_cases.reinstate_booking import ReinstateBooking
from services.booking.use_cases.remind_booking import RemindBooking
from services.booking.use_cases.see_booking import ListBookings, SeeBooking
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.privacy.derived_link import DerivedLinks
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs, open_to_all

_Reader = Annotated[Actor, needs("bookings.read")]
_Writer = Annotated[Actor, needs("bookings.write")]
_FLAG = Query(
    max_length=40, pattern=r"^[a-z]+(-[a-z]+)*$", description="något som någon ska titta på"
)


@dataclass(frozen=True, slots=True)
class BookingDesk:
    """What the routes ask."""

    ask: AskForPlaces
    links: DerivedLinks
    see: SeeBooking
    listed: ListBookings
    cancel: CancelBooking
    head_count: ChangeHeadCount
    move: MoveBooking
    reinstate: ReinstateBooking
    remind: RemindBooking


def routes(desk: BookingDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/bookings", tags=["bookings"])
    _asking(router, desk)
    _reading(router, desk)
    _changing(router, desk)
    _moving(router, desk)
    _taking_back(router, desk)
    _reminding(router, desk)
    return router


def _asking(router: APIRouter, desk: BookingDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Boka platser",
        description=AskForPlaces.__doc__ or "",
        responses=documented(BookedOut, 201, "Bokad, eller i kö."),
    )
    async def asked(
        request: Request,
        actor: Annotated[Actor, open_to_all("the public form: participants have no accounts")],
        wanted: Annotated[BookingWanted, sent(BookingWanted)],
        once: AskedOnce,
    ) -> Response:
        link = link_for(request, actor, once, desk.links)
        present = booking_answer(BookingOut.of, 201)
        asking = places_asked(wanted, staff=actor.kind == "staff")
        answer = await desk.ask(asking, once=once, present=present, link=link)
        return respond(answer) if link is None else with_link(answer, link)


def _reading(router: APIRouter, desk: BookingDesk) -> None:
    @router.get(
        "",
        summary="Bokningar",
        description="Bokningar, äldst först, utan namn och adresser. Bookings, oldest first.",
        responses={200: listed_example(BookingOut)},
    )
    async def listed(
        actor: _Reader,
        page: Page,
        occasion_id: Annotated[str | None, Query(max_length=64)] = None,
        state: Annotated[BookingState | None, Query()] = None,
        flag: Annotated[str | None, _FLAG] = None,
    ) -> Listing[BookingOut]:
        found = await desk.listed(
            occasion_id=OccasionId(occasion_id) if occasion_id is not None else None,
            state=state,
            flag=flag,
            limit=page.limit,
            offset=page.offset,
            by=actor,
        )
        return listing([BookingOut.of(each) for each in found.items], found.total, page)

    @router.get(
        "/{booking_id}",
        summary="En bokning",
        description=SeeBooking.__doc__ or "",
        responses=documented(BookingOut, 200, "Bokningen, med ETag."),
    )
    async def shown(
        actor: _Reader,
        booking_id: str,
        response: Response,
    ) -> BookingOut:
        standing = await desk.see(BookingId(booking_id), by=actor)
        response.headers["ETag"] = etag(standing.version)
        return BookingOut.of(standing)


def _changing(router: APIRouter, desk: BookingDesk) -> None:
    @router.post(
        "/{booking_id}/cancellation",
        summary="Avboka",
        description=CancelBooking.__doc__ or "",
        responses=documented(BookingOut, 200, "Avbokad."),
    )
    async def cancelled(
        actor: _Writer,
        booking_id: str,
        wanted: Annotated[CancelWanted, sent(CancelWanted)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.cancel(
            BookingId(booking_id),
            why=wanted.reason,
            version=version,
            by=actor,
            once=once,
            present=booking_answer(BookingOut.of),
        )
        return respond(answer)

    @router.patch(
        "/{booking_id}",
        summary="Ändra antal",
        description=ChangeHeadCount.__doc__ or "",
        responses=documented(BookingOut, 200, "Bokningen som den är nu."),
    )
    async def changed(
        actor: _Writer,
        booking_id: str,
        wanted: Annotated[HeadCount, sent(HeadCount)],
        version: IfMatch,
    ) -> Response:
        answer = await desk.head_count(
            BookingId(booking_id),
            pupils=wanted.pupils,
            adults=wanted.adults,
            version=version,
            by=actor,
            present=booking_answer(BookingOut.of),
        )
        return respond(answer)


def _moving(router: APIRouter, desk: BookingDesk) -> None:
    @router.post(
        "/{booking_id}/move",
        summary="Flytta till ett annat tillfälle",
        description=MoveBooking.__doc__ or "",
        responses=documented(BookingOut, 200, "Bokningen på det nya tillfället."),
    )
    async def moved(
        actor: _Writer,
        booking_id: str,
        wanted: Annotated[MoveWanted, sent(MoveWanted)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.move(
            BookingId(booking_id),
            OccasionId(wanted.occasion_id),
            when_full=wanted.when_full,
            version=version,
            by=actor,
            once=once,
            present=booking_answer(BookingOut.of),
        )
        return respond(answer)


def _taking_back(router: APIRouter, desk: BookingDesk) -> None:
    @router.post(
        "/{booking_id}/reinstatement",
        summary="Ta tillbaka en avbokning",
        description=ReinstateBooking.__doc__ or "",
        responses=documented(BookingOut, 200, "Bokningen som den är nu."),
    )
    async def reinstated(
        actor: _Writer, booking_id: str, version: IfMatch, once: AskedOnce
    ) -> Response:
        answer = await desk.reinstate(
            BookingId(booking_id),
            version=version,
            by=actor,
            once=once,
            present=booking_answer(BookingOut.of),
        )
        return respond(answer)


def _reminding(router: APIRouter, desk: BookingDesk) -> None:
    @router.post(
        "/{booking_id}/reminder",
        summary="Påminn i dag",
        description=RemindBooking.__doc__ or "",
        responses=documented(BookingOut, 200, "Bokningen, påmind i dag."),
    )
    async def reminded(
        actor: _Writer, booking_id: str, version: IfMatch, once: AskedOnce
    ) -> Response:
        answer = await desk.remind(
            BookingId(booking_id),
            version=version,
            by=actor,
            once=once,
            present=booking_answer(BookingOut.of),
        )
        return respond(answer)


def places_asked(wanted: BookingWanted, *, staff: bool) -> PlacesAsked:
    """What a form asks for. Raises what a person at the form can correct."""
    party = wanted.party
    if party.school and not party.municipality:
        party = party.model_copy(update={"municipality": municipality_of(party.school)})
    return PlacesAsked(
        occasion_id=OccasionId(wanted.occasion_id),
        party=party.to_domain(),
        contact=_usable(wanted.contact, staff=staff),
        when_full=wanted.when_full,
        needs=wanted.needs,
        question=wanted.question.strip(),
    )


def _usable(sent: ContactModel, *, staff: bool) -> Contact:
    """Staff may book for somebody whom only a call can reach: it is flagged."""
    contact = contact_of(name=sent.name, phone=sent.phone, email=sent.email, language=sent.language)
    if "phone" in contact.broken:
        raise BrokenPhone
    if "email" in contact.broken:
        raise BrokenEmail
    if not (contact.phone or contact.email):
        raise ContactMissing
    if not (contact.takes_sms or contact.email or staff):
        raise PhoneCannotTakeSms
    return contact
