"""`/v1/sign-ups` and what the links in letters lead to: no account, by token, rate-limited.

GET shows. Only a POST (PUT for the preference page) that says so changes anything, so that neither
a scanner that follows links nor a mail program that looks ahead does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.own_link import OwnLink
from services.publishing.api.subscriber_models import (
    AskedOut,
    OptInOut,
    PlaceOut,
    PreferencesIn,
    PreferencesOut,
    SignUpIn,
)
from services.publishing.domain.links import ONE_CLICK, deed
from services.publishing.domain.preferences import Choice
from services.publishing.use_cases.choose_preferences import ChoosePreferences
from services.publishing.use_cases.confirm_subscription import ConfirmSubscription
from services.publishing.use_cases.forget_subscriber import ForgetWhenAsked
from services.publishing.use_cases.leave_list import LeaveList
from services.publishing.use_cases.sign_up import SignUp, Wish
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.forms import FormFields
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.permissions import open_to_all


@dataclass(frozen=True, slots=True)
class DoorDesk:
    """What the routes ask."""

    sign_up: SignUp
    confirm: ConfirmSubscription
    leave: LeaveList
    choose: ChoosePreferences
    forget: ForgetWhenAsked
    once: Idempotency


def routes(desk: DoorDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["my subscription"])
    _signing_up(router, desk)
    _opting_in(router, desk)
    _leaving(router, desk)
    _choosing(router, desk)
    return router


def _signing_up(router: APIRouter, desk: DoorDesk) -> None:
    @router.post(
        "/sign-ups",
        status_code=202,
        summary="Anmäl en adress till nyhetsbrev",
        description=SignUp.__doc__ or "",
        responses=documented(AskedOut, 202, "Anmälan har kommit in."),
    )
    async def asked(
        actor: Annotated[Actor, open_to_all("anybody may ask; the address's owner confirms")],
        wanted: Annotated[SignUpIn, sent(SignUpIn)],
        once: AskedOnce,
    ) -> Response:
        wish = Wish(wanted.email, frozenset(wanted.lists), wanted.language, "web-form", wanted.name)
        return await answered(
            desk.once,
            once,
            lambda also: desk.sign_up(wish, also, by=actor),
            lambda _: AskedOut(),
            202,
        )


def _opting_in(router: APIRouter, desk: DoorDesk) -> None:
    @router.get(
        "/my-opt-in",
        summary="Vad länken i brevet bekräftar",
        description="Visar bara. Only shows.",
        responses=documented(OptInOut, 200, "Vad som väntar på ja, eller redan har fått det."),
    )
    async def looked(link: OwnLink) -> OptInOut:
        return OptInOut.of(await desk.confirm.look(link))

    @router.post(
        "/my-opt-in/confirmation",
        summary="Bekräfta",
        description=ConfirmSubscription.__doc__ or "",
        responses=documented(OptInOut, 200, "Bekräftat."),
    )
    async def pressed(link: OwnLink) -> OptInOut:
        return OptInOut.of(await desk.confirm.press(link))


def _leaving(router: APIRouter, desk: DoorDesk) -> None:
    @router.get(
        "/my-place",
        summary="Vilken lista länken gäller",
        description="Visar bara. Only shows.",
        responses=documented(PlaceOut, 200, "Listan, och om man är kvar på den."),
    )
    async def looked(link: OwnLink) -> PlaceOut:
        return PlaceOut.of(await desk.leave.look(link))

    @router.post(
        "/my-place/leaving",
        summary="Avsluta prenumerationen",
        description="Ett formulärfält säger att det är menat: `List-Unsubscribe=One-Click` "
        "(RFC 8058, från ett e-postprogram) eller `press=leave` (knappen). Utan det visas bara "
        "läget. " + (LeaveList.__doc__ or ""),
        responses=documented(PlaceOut, 200, "Läget efteråt."),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
                        "example": {ONE_CLICK[0]: ONE_CLICK[1]},
                    }
                },
            }
        },
    )
    async def pressed(link: OwnLink, fields: FormFields) -> PlaceOut:
        if deed("POST", fields) != "leave":
            return PlaceOut.of(await desk.leave.look(link))
        one_click = fields.get(ONE_CLICK[0]) == ONE_CLICK[1]
        return PlaceOut.of(await desk.leave.press(link, "one-click" if one_click else "page"))


def _choosing(router: APIRouter, desk: DoorDesk) -> None:
    @router.get(
        "/my-preferences",
        summary="Mina nyhetsbrev",
        description="Visar bara, med ETag. Only shows, with its ETag.",
        responses=documented(PreferencesOut, 200, "Listor och språk."),
    )
    async def looked(link: OwnLink) -> Response:
        return shown(PreferencesOut.of(await desk.choose.look(link)))

    @router.post(
        "/my-preferences/forgetting",
        status_code=204,
        summary="Glöm mig",
        description="Adress, namn, val och samtycken raderas för gott. Address, name, choices and "
        "consents are erased for good.",
    )
    async def forgotten(link: OwnLink) -> None:
        await desk.forget.by_link(link)

    @router.put(
        "/my-preferences",
        summary="Välj nyhetsbrev och språk",
        description=ChoosePreferences.__doc__ or "",
        responses=documented(PreferencesOut, 200, "Som det är nu."),
    )
    async def pressed(
        link: OwnLink, wanted: Annotated[PreferencesIn, sent(PreferencesIn)], seen: IfMatch
    ) -> Response:
        choice = Choice(frozenset(wanted.lists), wanted.language, wanted.never_again)
        return await answered(
            desk.once,
            None,
            lambda also: desk.choose.press(link, choice, seen, also),
            PreferencesOut.of,
        )
