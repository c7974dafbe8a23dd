"""`/v1/mailings`: one run of sending a newsletter: when, to how many, how far, and what became."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.mailing_models import (
    AnotherTry,
    MailingOut,
    NewMailing,
    OutcomeOut,
    ProgressOut,
    ReachOut,
    When,
)
from services.publishing.domain.mailing import State as MailingState
from services.publishing.domain.outcome import State
from services.publishing.use_cases.create_mailing import CountRecipients, CreateMailing
from services.publishing.use_cases.see_mailing import SeeMailing
from services.publishing.use_cases.steer_mailing import SteerMailing
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("mailings.read")]
_Writer = Annotated[Actor, needs("mailings.write")]
_DONE = documented(MailingOut, 200, "Utskicket som det är nu, med ETag.")
_Step = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class MailingDesk:
    """What the routes ask."""

    create: CreateMailing
    count: CountRecipients
    steer: SteerMailing
    see: SeeMailing
    once: Idempotency


def routes(desk: MailingDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(tags=["mailings"])
    _reading(router, desk)
    _looking_closer(router, desk)
    _beginning(router, desk)
    _timing(router, desk)
    _steering(router, desk)
    _trying_again(router, desk)
    return router


def _reading(router: APIRouter, desk: MailingDesk) -> None:
    @router.get(
        "/v1/mailings",
        summary="Utskick",
        description="Utskick, det senaste först. Mailings, the newest first.",
        responses={200: listed_example(MailingOut)},
    )
    async def listed(
        actor: _Reader,
        page: Page,
        newsletter_id: Annotated[str | None, Query(max_length=64)] = None,
        state: MailingState | None = None,
    ) -> Listing[MailingOut]:
        given = {"newsletter_id": newsletter_id, "state": state}
        asked = {name: value for name, value in given.items() if value is not None}
        found, total = await desk.see.listed(asked, limit=page.limit, offset=page.offset, by=actor)
        return listing([MailingOut.of(each) for each in found], total, page)

    @router.get(
        "/v1/mailings/{mailing_id}",
        summary="Ett utskick",
        description="Var det står. Its state.",
        responses=documented(MailingOut, 200, "Utskicket, med ETag."),
    )
    async def read(actor: _Reader, mailing_id: str) -> Response:
        return shown(MailingOut.of(await desk.see(mailing_id, by=actor)))


def _looking_closer(router: APIRouter, desk: MailingDesk) -> None:
    @router.get(
        "/v1/mailings/{mailing_id}/recipient-count",
        summary="Hur många det når",
        description=CountRecipients.__doc__ or "",
        responses=documented(ReachOut, 200, "Antalet; null är en till fyra."),
    )
    async def counted(actor: _Reader, mailing_id: str) -> ReachOut:
        return ReachOut(recipients=await desk.count(mailing_id, by=actor))

    @router.get(
        "/v1/mailings/{mailing_id}/progress",
        summary="Hur långt det har kommit",
        description="Antal, takt och tid kvar. Counts, rate and time left, as of now.",
        responses=documented(ProgressOut, 200, "Läget nu."),
    )
    async def progress(actor: _Reader, mailing_id: str) -> ProgressOut:
        return ProgressOut.of(await desk.see.progress(mailing_id, by=actor))

    @router.get(
        "/v1/mailings/{mailing_id}/outcomes",
        summary="Hur det gick, mottagare för mottagare",
        description="Utan adresser, i liggarens ordning. Without addresses, in the ledger's order.",
        responses={200: listed_example(OutcomeOut)},
    )
    async def outcomes(
        actor: _Reader, mailing_id: str, page: Page, state: State = "bounced"
    ) -> Listing[OutcomeOut]:
        found, total = await desk.see.outcomes(
            mailing_id, state, limit=page.limit, offset=page.offset, by=actor
        )
        return listing([OutcomeOut.of(each) for each in found], total, page)


def _beginning(router: APIRouter, desk: MailingDesk) -> None:
    @router.post(
        "/v1/mailings",
        status_code=201,
        summary="Nytt utskick",
        description=CreateMailing.__doc__ or "",
        responses=documented(MailingOut, 201, "Utskicket finns, som utkast."),
    )
    async def created(
        actor: _Writer, wanted: Annotated[NewMailing, sent(NewMailing)], once: AskedOnce
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.create(wanted.newsletter_id, wanted.per_minute, also, by=actor),
            MailingOut.of,
            201,
        )


def _timing(router: APIRouter, desk: MailingDesk) -> None:
    @router.put(
        "/v1/mailings/{mailing_id}/schedule",
        summary="Schemalägg",
        description=SteerMailing.schedule.__doc__ or "",
        responses=_DONE,
    )
    async def scheduled(
        actor: _Writer,
        mailing_id: str,
        wanted: Annotated[When, sent(When)],
        version: IfMatch,
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.steer.schedule(mailing_id, wanted.at, version, also, by=actor),
            MailingOut.of,
        )

    @router.delete(
        "/v1/mailings/{mailing_id}/schedule",
        summary="Ta bort tiden",
        description=SteerMailing.unschedule.__doc__ or "",
        responses=_DONE,
    )
    async def unscheduled(actor: _Writer, mailing_id: str, version: IfMatch) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.steer.unschedule(mailing_id, version, also, by=actor),
            MailingOut.of,
        )


def _steering(router: APIRouter, desk: MailingDesk) -> None:
    steps: tuple[tuple[str, str, _Step], ...] = (
        ("start", "Skicka nu", desk.steer.start),
        ("pause", "Pausa", desk.steer.pause),
        ("resumption", "Fortsätt", desk.steer.resume),
        ("cancellation", "Avbryt för gott", desk.steer.cancel),
    )
    for path, summary, step in steps:
        _step(router, desk, (path, summary), step)


def _step(router: APIRouter, desk: MailingDesk, said: tuple[str, str], step: _Step) -> None:
    path, summary = said

    @router.post(
        f"/v1/mailings/{{mailing_id}}/{path}",
        name=path,
        operation_id=f"mailing_{path}",
        summary=summary,
        description=step.__doc__ or "",
        responses=_DONE,
    )
    async def taken(actor: _Writer, mailing_id: str, version: IfMatch, once: AskedOnce) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: step(mailing_id, version, also, by=actor),
            MailingOut.of,
        )


def _trying_again(router: APIRouter, desk: MailingDesk) -> None:
    @router.post(
        "/v1/mailings/{mailing_id}/another-try",
        summary="Skicka om till en vald orsak",
        description=SteerMailing.send_again.__doc__ or "",
        responses=_DONE,
    )
    async def again(
        actor: _Writer,
        mailing_id: str,
        wanted: Annotated[AnotherTry, sent(AnotherTry)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.steer.send_again(mailing_id, wanted.cause, version, also, by=actor),
            MailingOut.of,
        )
