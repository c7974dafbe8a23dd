"""Early warnings: members post and withdraw, editors approve, edit or decline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.publishing.feeds.domain.bulletin import Bulletin, Warned
from services.publishing.feeds.domain.bulletin_words import Span
from services.publishing.feeds.domain.partner import ensure_scope
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.answering import answered, shown
from services.publishing.feeds.doors.webhook_models import Items, items_example
from services.publishing.feeds.use_cases.come_in import Came
from services.publishing.feeds.use_cases.post_bulletins import PostBulletins
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_POST = "cews:post"
_Editor = Annotated[Actor, needs("bulletins.decide")]
_SAYS: dict[str, Any] = {
    "kind": "propaganda",
    "area": "Rosengård",
    "begins": "2027-01-04",
    "ends": "2027-01-11",
    "trend": "rising",
    "text": "Klistermärken med våldsbejakande budskap vid tre skolor.",
}


class Warning(BaseModel):  # noqa: A001 - it is one
    """What is warned of: a place on a map, days, and words that point at nobody."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _SAYS})

    kind: Literal["propaganda", "recruitment", "gathering", "threat", "online", "other"]
    area: str = Field(min_length=2, max_length=80)
    begins: date
    ends: date
    trend: Literal["rising", "steady", "falling"]
    text: str = Field(min_length=1, max_length=1000)

    def warned(self) -> Warned:
        """As the rules take it."""
        said = self.model_dump(include=set(Warning.model_fields))
        return Warned(**said)


class NewBulletin(Warning):
    """`no_names`: places of likely names (characters from 1, both ends) that are no person's."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_SAYS, "no_names": []}}
    )

    no_names: list[tuple[int, int]] = Field(default_factory=list, max_length=50)

    def spans(self) -> list[Span]:
        """As the rules take them."""
        return [Span(*one) for one in self.no_names]


class Approval(BaseModel):
    """As it stands, or as the editor puts it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"says": None}})

    says: Warning | None = None


class Decline(BaseModel):
    """Why; the poster reads it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "För vagt om plats."}}
    )

    reason: str = Field(min_length=1, max_length=500)


class BulletinOut(BaseModel):
    """A bulletin and where it stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "0190b6c6-0000-7000-9000-000000000131",
                "state": "waiting",
                "says": _SAYS,
                "posted_at": "2027-01-11T08:30:00Z",
                "decided_at": None,
                "reason": "",
                "edited": False,
                "version": 1,
            }
        }
    )

    id: str
    state: str
    says: Warning
    posted_at: datetime | None
    decided_at: datetime | None
    reason: str
    edited: bool
    version: int

    @classmethod
    def of(cls, one: Bulletin) -> BulletinOut:
        """As it is answered."""
        says = one.says
        return cls(
            id=one.id,
            state=one.state,
            says=Warning(
                kind=says.kind,
                area=says.area,
                begins=says.begins,
                ends=says.ends,
                trend=says.trend,
                text=says.text,
            ),
            posted_at=one.posted_at,
            decided_at=one.decided_at,
            reason=one.reason,
            edited=one.edited,
            version=one.version,
        )


@dataclass(frozen=True, slots=True)
class BulletinDesk:
    """What the routes ask."""

    access: Access
    post: PostBulletins
    once: Idempotency


def routes(desk: BulletinDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["bulletins"])
    _members(router, desk)
    _editors(router, desk)
    _deciding(router, desk)
    return router


def _members(router: APIRouter, desk: BulletinDesk) -> None:
    partner = desk.access.partner

    @router.post(
        "/partner/bulletins",
        status_code=201,
        summary="Lämna en tidig varning",
        description="En redaktör läser den innan andra medlemmar får den. Personuppgifter avvisas "
        "med sin plats i texten. An editor reads it before other members get it.",
        responses=documented(BulletinOut, 201, "Den väntar på en redaktör."),
    )
    async def posted(
        *,
        came: Came = partner,
        wanted: Annotated[NewBulletin, sent(NewBulletin)],
        once: AskedOnce,
    ) -> Response:
        ensure_scope(came.partner, _POST)
        by, says, spans = _actor(came), wanted.warned(), wanted.spans()
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.post(came.partner, says, spans, also, by=by),
            BulletinOut.of,
            201,
        )

    @router.get(
        "/partner/bulletins",
        summary="Våra tidiga varningar",
        description="De ni har lämnat, och vad det blev av dem. Those you posted.",
        responses=items_example(BulletinOut),
    )
    async def own(*, came: Came = partner) -> Items:
        ensure_scope(came.partner, _POST)
        found = await desk.post.bulletins.of_partner(came.partner.id, limit=100, by=_actor(came))
        return Items(items=[BulletinOut.of(one) for one in found])

    @router.post(
        "/partner/bulletins/{bulletin_id}/withdrawal",
        summary="Ta tillbaka en tidig varning",
        description="De som fått den får veta det, och orden tas bort ur flödet. Taken back.",
        responses=documented(BulletinOut, 200, "Tillbakadragen."),
    )
    async def withdrawn(*, came: Came = partner, bulletin_id: str, once: AskedOnce) -> Response:
        ensure_scope(came.partner, _POST)
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.withdraw(
                bulletin_id, also, by=_actor(came), partner_id=came.partner.id
            ),
            BulletinOut.of,
        )


def _editors(router: APIRouter, desk: BulletinDesk) -> None:
    @router.get(
        "/bulletins",
        summary="Tidiga varningar",
        description="Nyast först. Early warnings, newest first.",
        responses={200: listed_example(BulletinOut)},
    )
    async def listed(
        actor: _Editor,
        page: Page,
        state: Annotated[
            Literal["waiting", "approved", "declined", "withdrawn"] | None,
            Query(description="Bara de i det läget."),
        ] = None,
    ) -> Listing[BulletinOut]:
        found, total = await desk.post.bulletins.page(
            state, limit=page.limit, offset=page.offset, by=actor
        )
        return listing([BulletinOut.of(one) for one in found], total, page)

    @router.get(
        "/bulletins/{bulletin_id}",
        summary="En tidig varning",
        description="Som den står, med ETag. As it stands.",
        responses=documented(BulletinOut, 200, "Varningen, med ETag."),
    )
    async def one(actor: _Editor, bulletin_id: str) -> Response:
        found = await desk.post.bulletins.find(bulletin_id, by=actor)
        if found is None:
            raise NotFound
        return shown(BulletinOut.of(found))


def _deciding(router: APIRouter, desk: BulletinDesk) -> None:
    prefix = "/bulletins/{bulletin_id}"

    @router.post(
        f"{prefix}/approval",
        summary="Godkänn en tidig varning",
        description="Medlemmarna får den, som den står eller som du har skrivit om den. Members "
        "get it.",
        responses=documented(BulletinOut, 200, "Godkänd."),
    )
    async def approved(
        actor: _Editor,
        bulletin_id: str,
        wanted: Annotated[Approval, sent(Approval)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        says = wanted.says.warned() if wanted.says else None
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.approve(bulletin_id, says, version, also, by=actor),
            BulletinOut.of,
        )

    @router.post(
        f"{prefix}/refusal",
        summary="Avslå en tidig varning",
        description="Ingen får den; den som lämnade den läser varför. Nobody gets it.",
        responses=documented(BulletinOut, 200, "Avslagen."),
    )
    async def declined(
        actor: _Editor,
        bulletin_id: str,
        wanted: Annotated[Decline, sent(Decline)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        reason = wanted.reason
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.decline(bulletin_id, reason, version, also, by=actor),
            BulletinOut.of,
        )

    @router.post(
        f"{prefix}/withdrawal",
        summary="Ta tillbaka en tidig varning",
        description="De som fått den får veta det, och orden tas bort ur flödet. Taken back.",
        responses=documented(BulletinOut, 200, "Tillbakadragen."),
    )
    async def withdrawn(actor: _Editor, bulletin_id: str, once: AskedOnce) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.withdraw(bulletin_id, also, by=actor),
            BulletinOut.of,
        )


def _actor(came: Came) -> Actor:
    return Actor(kind="service", id=f"partner/{came.partner.id}")
