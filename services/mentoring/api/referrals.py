"""`/v1/referrals`, `/v1/referral-form` and `/v1/referral-links`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.mentoring.api.answering import about, case_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.decline_models import DeclineIn
from services.mentoring.api.referral_models import (
    AcceptanceIn,
    FormOut,
    LinkingIn,
    ReceiptOut,
    ReferralFormIn,
    ReferralIn,
    ReferralOfCaseOut,
    ReferralOut,
    WholeReferral,
)
from services.mentoring.domain.ids import CaseId, ReferralId
from services.mentoring.domain.referral import Referral, Via
from services.mentoring.use_cases.decide_referral import (
    AcceptReferral,
    DeclineReferral,
    LinkReferral,
    ReadReferralsOfCase,
)
from services.mentoring.use_cases.give_referral_link import ReferralLinks
from services.mentoring.use_cases.receive_referral import ReceiveReferral
from services.mentoring.use_cases.see_referrals import ListReferrals, SeeReferral
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, RequestKey, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import link_holder, needs

_Reader = Annotated[Actor, needs("referrals.read")]
_Decider = Annotated[Actor, needs("referrals.decide")]
_HOLDER = Actor(kind="anybody", id="referral-link")
_RECEIVED = documented(ReceiptOut, 202, "Mottaget.")
Order = Annotated[
    Literal["oldest", "newest"],
    Query(description="Den som väntat längst, eller den nyaste, först."),
]
State = Annotated[Literal["received", "accepted", "linked", "declined"] | None, Query()]


@dataclass(frozen=True, slots=True)
class ReferralDesk:
    """What the routes ask."""

    receive: ReceiveReferral
    links: ReferralLinks
    listed: ListReferrals
    see: SeeReferral
    accept: AcceptReferral
    link: LinkReferral
    decline: DeclineReferral
    of_case: ReadReferralsOfCase


def routes(desk: ReferralDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["referrals"])
    _receiving(router, desk)
    _from_elsewhere(router, desk)
    _reading(router, desk)
    _deciding(router, desk)
    _refusing(router, desk)
    return router


def _receiving(router: APIRouter, desk: ReferralDesk) -> None:
    @router.get(
        "/referral-form",
        summary="Gäller länken",
        description="Vem länken är gjord för, i kod. For whom the link was made, as a code.",
        responses=documented(FormOut, 200, "Länken gäller."),
    )
    async def form(hashed: Annotated[str, link_holder]) -> FormOut:
        link = await desk.links.by_hash(hashed, by=_HOLDER)
        return FormOut(kind=link.kind)

    @router.post(
        "/referral-form",
        status_code=202,
        summary="Skicka en anmälan med länk",
        description=ReceiveReferral.__doc__ or "",
        responses=_RECEIVED,
    )
    async def by_link(
        hashed: Annotated[str, link_holder],
        wanted: Annotated[ReferralFormIn, sent(ReferralFormIn)],
        once: AskedOnce,
    ) -> Response:
        return respond(await _by_link(desk, hashed, wanted, "link", once))


def _from_elsewhere(router: APIRouter, desk: ReferralDesk) -> None:
    @router.post(
        "/partner-referrals",
        status_code=202,
        summary="Skicka en anmälan från ett system",
        description="En verksamhets eget system skickar med sin länks hemlighet i rubriken. "
        "Samma nyckel ger samma svar, och svaret säger aldrig om någon redan finns här. "
        "A referrer's own system sends it, with the secret of its link in the header. The same key "
        "gets the same answer, and no answer tells whether somebody is here already.",
        responses=_RECEIVED,
    )
    async def by_system(
        hashed: Annotated[str, link_holder],
        wanted: Annotated[ReferralFormIn, sent(ReferralFormIn)],
        once: AskedOnce,
    ) -> Response:
        return respond(await _by_link(desk, hashed, wanted, "api", once))

    @router.post(
        "/referrals",
        status_code=202,
        summary="Skriv in en anmälan",
        description=ReceiveReferral.__doc__ or "",
        responses=_RECEIVED,
    )
    async def by_staff(
        actor: Annotated[Actor, needs("referrals.write")],
        wanted: Annotated[ReferralIn, sent(ReferralIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.receive(
            wanted.words(), wanted.kind, "staff", by=actor, once=once, present=_receipt
        )
        return respond(answer)


def _reading(router: APIRouter, desk: ReferralDesk) -> None:
    @router.get(
        "/referrals",
        summary="Anmälningar",
        description=ListReferrals.__doc__ or "",
        responses={200: listed_example(ReferralOut)},
    )
    async def listed(
        actor: _Reader, page: Page, state: State = None, sort: Order = "newest"
    ) -> Listing[ReferralOut]:
        found = await desk.listed(
            state,
            by=actor,
            limit=page.limit,
            offset=page.offset,
            newest_first=sort == "newest",
        )
        items = [ReferralOut(**ReferralOut.facts_of(each)) for each in found.items]
        return listing(items, found.total, page)

    @router.get(
        "/referrals/{referral_id}",
        summary="En anmälan",
        description=SeeReferral.__doc__ or "",
        responses=documented(WholeReferral, 200, "Anmälan, med ETag."),
    )
    async def shown(actor: _Reader, referral_id: str, response: Response) -> WholeReferral:
        seen = await desk.see(ReferralId(referral_id), by=actor)
        response.headers["ETag"] = etag(seen.referral.version)
        return WholeReferral.of(seen)

    @router.get(
        "/cases/{case_id}/referrals",
        summary="Ärendets anmälningar",
        description=ReadReferralsOfCase.__doc__ or "",
        responses={200: listed_example(ReferralOfCaseOut)},
    )
    async def of_case(actor: Insider, case_id: str, page: Page) -> Listing[ReferralOfCaseOut]:
        found, total = await desk.of_case(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([ReferralOfCaseOut.of(each) for each in found], total, page)


def _deciding(router: APIRouter, desk: ReferralDesk) -> None:
    @router.post(
        "/referrals/{referral_id}/acceptance",
        status_code=201,
        summary="Öppna ett ärende av anmälan",
        description=AcceptReferral.__doc__ or "",
        responses=documented(CaseChanged, 201, "Ärendet är öppnat."),
    )
    async def accepted(
        actor: _Decider,
        referral_id: str,
        wanted: Annotated[AcceptanceIn, sent(AcceptanceIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.accept(
            ReferralId(referral_id),
            wanted.wanted(actor.username),
            seen=seen,
            by=actor,
            once=once,
            present=case_answer(201),
            about=about,
        )
        return respond(answer)

    @router.post(
        "/referrals/{referral_id}/linking",
        summary="Anmälan hör till ett ärende",
        description=LinkReferral.__doc__ or "",
        responses=documented(CaseChanged, 200, "Anmälan hör till ärendet."),
    )
    async def linked(
        actor: _Decider,
        referral_id: str,
        wanted: Annotated[LinkingIn, sent(LinkingIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.link(
            ReferralId(referral_id),
            CaseId(wanted.case_id),
            seen=seen,
            by=actor,
            once=once,
            present=case_answer(),
        )
        return respond(answer)


def _refusing(router: APIRouter, desk: ReferralDesk) -> None:
    @router.post(
        "/referrals/{referral_id}/decline",
        summary="Inget ärende",
        description=DeclineReferral.__doc__ or "",
        responses=documented(ReferralOut, 200, "Beslutet är fattat."),
    )
    async def declined(
        actor: _Decider,
        referral_id: str,
        wanted: Annotated[DeclineIn, sent(DeclineIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.decline(
            ReferralId(referral_id),
            wanted.reason,
            wanted.answered(),
            seen=seen,
            by=actor,
            once=once,
            present=lambda after: Answer.of(
                200, ReferralOut(**ReferralOut.facts_of(after)), {"ETag": etag(after.version)}
            ),
        )
        return respond(answer)


async def _by_link(
    desk: ReferralDesk, hashed: str, wanted: ReferralFormIn, via: Via, once: RequestKey | None
) -> Answer:
    """Who refers is who the link was made for, whatever is said. Raises NotFound for no link."""
    link = await desk.links.by_hash(hashed, by=_HOLDER)
    return await desk.receive(
        wanted.words(), link.kind, via, link_id=link.id, by=_HOLDER, once=once, present=_receipt
    )


def _receipt(referral: Referral) -> Answer:
    return Answer.of(202, ReceiptOut(receipt=referral.receipt))
