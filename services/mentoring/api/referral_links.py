"""`/v1/referral-links`: a link per referrer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.referral_models import LinkIn, LinkOut, NewLinkOut
from services.mentoring.use_cases.give_referral_link import (
    GiveReferralLink,
    ListReferralLinks,
    ReferralLinks,
)
from shared.kernel.actor import Actor
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("referral-links.read")]
_Writer = Annotated[Actor, needs("referral-links.write")]


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """What the routes ask."""

    give: GiveReferralLink
    listed: ListReferralLinks
    links: ReferralLinks


def routes(desk: LinkDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/referral-links", tags=["referrals"])
    _giving(router, desk)

    @router.get(
        "",
        summary="Länkar",
        description=ListReferralLinks.__doc__ or "",
        responses={200: listed_example(LinkOut)},
    )
    async def listed(actor: _Reader, page: Page) -> Listing[LinkOut]:
        found, total = await desk.listed(by=actor, limit=page.limit, offset=page.offset)
        return listing([LinkOut.of(each) for each in found], total, page)

    @router.delete(
        "/{link_id}",
        status_code=204,
        summary="Dra in en länk",
        description="Länken öppnar ingenting mer. The link opens nothing from now on.",
    )
    async def revoked(actor: _Writer, link_id: str) -> None:
        await desk.links.revoke(link_id, desk.give.clock.now(), by=actor)

    return router


def _giving(router: APIRouter, desk: LinkDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Gör en länk",
        description=GiveReferralLink.__doc__ or "",
        responses=documented(NewLinkOut, 201, "Länken är gjord."),
    )
    async def given(
        actor: _Writer, wanted: Annotated[LinkIn, sent(LinkIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.give(
            wanted.kind,
            wanted.label,
            by=actor,
            once=once,
            present=lambda link_id: Answer.of(201, {"id": link_id}),
        )
        # The kept answer holds the id alone: the secret is made again from it.
        link_id = json.loads(answer.body)["id"]
        shown = NewLinkOut(id=link_id, secret=desk.give.secrets.secret_of(link_id))
        return Response(shown.model_dump_json(), status_code=201, media_type="application/json")
