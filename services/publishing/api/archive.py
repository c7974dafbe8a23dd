"""`/v1/archives`: what was published, for everybody, and its Atom feeds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.publishing.api.newsletter_models import AT, ID
from services.publishing.use_cases.newsletters import Issue
from services.publishing.use_cases.preview_newsletter import with_slots
from services.publishing.use_cases.see_archive import SeeArchive, Shown
from shared.kernel.actor import Actor
from shared.web.atom import MEDIA_TYPE
from shared.web.examples import documented, listed_example
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import open_to_all
from shared.web.unchanged import answer_if_changed

_LINE: dict[str, Any] = {
    "id": ID,
    "list_id": "skolor",
    "language": "sv",
    "languages": ["en", "sv"],
    "title": "Vårens öppna kvällar",
    "published_at": AT,
}
_Anybody = Annotated[Actor, open_to_all("what was sent to everybody who wanted it")]


class LanguagesOut(BaseModel):
    """Languages that a list's newsletters were written in."""

    model_config = ConfigDict(json_schema_extra={"example": {"languages": ["en", "sv"]}})

    languages: list[str]


class IssueLine(BaseModel):
    """One newsletter in the archive."""

    model_config = ConfigDict(json_schema_extra={"example": _LINE})

    id: str
    list_id: str
    language: str
    languages: list[str]
    title: str
    published_at: AwareDatetime

    @classmethod
    def of(cls, issue: Issue) -> IssueLine:
        """Its title as everybody may read it."""
        return cls(
            id=issue.id,
            list_id=issue.list_id,
            language=issue.language,
            languages=list(issue.languages),
            title=with_slots(issue.subject, {}),
            published_at=issue.published_at,
        )


class IssueOut(IssueLine):
    """The whole of it: `html` can stand inside any page of ours."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_LINE,
                "direction": "ltr",
                "html": "<h1>Hej vän!</h1>\n",
                "text": "Hej vän!\n========\n",
                "path": f"/nyhetsbrev/skolor/sv/{ID}",
            }
        }
    )

    direction: Literal["ltr", "rtl"]
    html: str
    text: str
    path: str = Field(description="sidan, under ingången")

    @classmethod
    def of_shown(cls, shown: Shown) -> IssueOut:
        """As a page shows it."""
        line = IssueLine.of(shown.issue).model_dump()
        return cls.model_validate(
            {
                **line,
                "direction": shown.direction,
                "html": shown.html,
                "text": shown.text,
                "path": shown.path,
            }
        )


def routes(see: SeeArchive) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/archives", tags=["archive"])
    _pages(router, see)
    _feed(router, see)
    return router


def _pages(router: APIRouter, see: SeeArchive) -> None:
    @router.get(
        "/{list_id}",
        summary="Arkivets språk",
        description="Språk som listans brev har skrivits på. Languages of a list's newsletters.",
        responses=documented(LanguagesOut, 200, "Språken."),
    )
    async def languages(actor: _Anybody, list_id: str) -> LanguagesOut:
        return LanguagesOut(languages=list(await see.languages(list_id, by=actor)))

    @router.get(
        "/{list_id}/{language}",
        summary="Arkivet",
        description=SeeArchive.__doc__ or "",
        responses={200: listed_example(IssueLine)},
    )
    async def listed(
        actor: _Anybody, list_id: str, language: str, page: Page
    ) -> Listing[IssueLine]:
        found, total = await see.issues(
            list_id, language, limit=page.limit, offset=page.offset, by=actor
        )
        return listing([IssueLine.of(each) for each in found], total, page)

    @router.get(
        "/{list_id}/{language}/issues/{newsletter_id}",
        summary="Ett brev i arkivet",
        description=SeeArchive.__doc__ or "",
        responses=documented(IssueOut, 200, "Brevet."),
    )
    async def read(actor: _Anybody, list_id: str, language: str, newsletter_id: str) -> IssueOut:
        return IssueOut.of_shown(await see.issue(list_id, language, newsletter_id, by=actor))


def _feed(router: APIRouter, see: SeeArchive) -> None:
    @router.get(
        "/{list_id}/{language}/feed",
        summary="Atom-flöde",
        description="De senaste breven som Atom (RFC 4287), med ETag. The newest as Atom.",
        response_class=Response,
        responses={
            200: {
                "description": "Flödet.",
                "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
            },
            304: {"description": "Oförändrat sedan det hämtades."},
        },
    )
    async def feed(request: Request, actor: _Anybody, list_id: str, language: str) -> Response:
        content = await see.feed(list_id, language, by=actor)
        return answer_if_changed(
            request, content, MEDIA_TYPE, {"Cache-Control": "public, max-age=300"}
        )
