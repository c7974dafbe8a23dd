"""`/v1/newsletters`: what editors write, how it would look, and taking it away again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.newsletter_models import (
    Aim,
    NewNewsletter,
    NewsletterLine,
    NewsletterOut,
    PreviewOut,
    PreviewsOut,
    Redaction,
    TestLetters,
    TestLettersOut,
    TextModel,
    WordsToShow,
)
from services.publishing.domain.newsletter import EVERYBODY, State, Text
from services.publishing.domain.segments import Segment, from_data
from services.publishing.use_cases.newsletters import Newsletters
from services.publishing.use_cases.preview_newsletter import PreviewNewsletter
from services.publishing.use_cases.redact_newsletter import RedactNewsletter
from services.publishing.use_cases.send_test_letters import SendTestLetters
from services.publishing.use_cases.write_newsletter import BeginNewsletter, WriteNewsletter
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("newsletters.read")]
_Writer = Annotated[Actor, needs("newsletters.write")]
_DONE = documented(NewsletterOut, 200, "Nyhetsbrevet som det är nu, med ETag.")


@dataclass(frozen=True, slots=True)
class NewsletterDesk:
    """What the routes ask."""

    newsletters: Newsletters
    begin: BeginNewsletter
    write: WriteNewsletter
    preview: PreviewNewsletter
    redact: RedactNewsletter
    test: SendTestLetters
    once: Idempotency


def routes(desk: NewsletterDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(tags=["newsletters"])
    _reading(router, desk)
    _beginning(router, desk)
    _writing(router, desk)
    _aiming(router, desk)
    _looking(router, desk)
    _redacting(router, desk)
    _testing(router, desk)
    return router


def _reading(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.get(
        "/v1/newsletters",
        summary="Nyhetsbrev",
        description="Nyhetsbrev, det senaste först. Newsletters, the newest first.",
        responses={200: listed_example(NewsletterLine)},
    )
    async def listed(
        actor: _Reader,
        page: Page,
        list_id: Annotated[str | None, Query(alias="list", max_length=100)] = None,
        state: State | None = None,
    ) -> Listing[NewsletterLine]:
        found, total = await desk.newsletters.listed(
            list_id, state, limit=page.limit, offset=page.offset, by=actor
        )
        return listing([NewsletterLine.of(each) for each in found], total, page)

    @router.get(
        "/v1/newsletters/{newsletter_id}",
        summary="Ett nyhetsbrev",
        description="Ord, språk och mottagare. Words, languages and readers of one newsletter.",
        responses=documented(NewsletterOut, 200, "Nyhetsbrevet, med ETag."),
    )
    async def read(actor: _Reader, newsletter_id: str) -> Response:
        return shown(NewsletterOut.of(await desk.newsletters.read(newsletter_id, by=actor)))


def _beginning(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.post(
        "/v1/newsletters",
        status_code=201,
        summary="Nytt nyhetsbrev",
        description=BeginNewsletter.__doc__ or "",
        responses=documented(NewsletterOut, 201, "Utkastet finns."),
    )
    async def begun(
        actor: _Writer, wanted: Annotated[NewNewsletter, sent(NewNewsletter)], once: AskedOnce
    ) -> Response:
        segment = _segment(wanted.segment)
        return await answered(
            desk.once,
            once,
            lambda also: desk.begin(wanted.list_id, segment, by=actor, also=also),
            NewsletterOut.of,
            201,
        )


def _writing(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.put(
        "/v1/newsletters/{newsletter_id}/texts/{language}",
        summary="Skriv på ett språk",
        description=WriteNewsletter.__doc__ or "",
        responses=_DONE,
    )
    async def written(
        actor: _Writer,
        newsletter_id: str,
        language: str,
        wanted: Annotated[TextModel, sent(TextModel)],
        version: IfMatch,
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.write.text(
                newsletter_id, language, wanted.text(), version=version, by=actor, also=also
            ),
            NewsletterOut.of,
        )

    @router.delete(
        "/v1/newsletters/{newsletter_id}/texts/{language}",
        summary="Ta bort ett språk",
        description="Ett språk mindre i ett utkast. One language less in a draft.",
        responses=_DONE,
    )
    async def unwritten(
        actor: _Writer, newsletter_id: str, language: str, version: IfMatch
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.write.unwrite(
                newsletter_id, language, version=version, by=actor, also=also
            ),
            NewsletterOut.of,
        )


def _aiming(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.put(
        "/v1/newsletters/{newsletter_id}/segment",
        summary="Välj mottagare",
        description="Vilka av listans läsare det är till. Which of the list's readers it is for.",
        responses=_DONE,
    )
    async def aimed(
        actor: _Writer,
        newsletter_id: str,
        wanted: Annotated[Aim, sent(Aim)],
        version: IfMatch,
    ) -> Response:
        segment = _segment(wanted.segment)
        return await answered(
            desk.once,
            None,
            lambda also: desk.write.aim(
                newsletter_id, segment, version=version, by=actor, also=also
            ),
            NewsletterOut.of,
        )


def _looking(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.get(
        "/v1/newsletters/{newsletter_id}/previews",
        summary="Så blir brevet",
        description=PreviewNewsletter.__doc__ or "",
        responses=documented(PreviewsOut, 200, "Brevet på varje språk."),
    )
    async def looked(actor: _Reader, newsletter_id: str) -> PreviewsOut:
        found = await desk.preview.saved(newsletter_id, by=actor)
        return PreviewsOut(items=[PreviewOut.of(each) for each in found])

    @router.post(
        "/v1/previews",
        summary="Förhandsvisa ord som inte är sparade",
        description=PreviewNewsletter.__doc__ or "",
        responses=documented(PreviewOut, 200, "Brevet som det skulle bli; inget sparas."),
    )
    async def tried(
        actor: _Reader, wanted: Annotated[WordsToShow, sent(WordsToShow)]
    ) -> PreviewOut:
        text = Text(wanted.subject, wanted.markdown)
        found = await desk.preview.words(
            wanted.list_id, wanted.language, text, name=wanted.name, by=actor
        )
        return PreviewOut.of(found)


def _redacting(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.post(
        "/v1/newsletters/{newsletter_id}/redaction",
        summary="Ta bort ur arkivet",
        description=RedactNewsletter.__doc__ or "",
        responses=_DONE,
    )
    async def redacted(
        actor: _Writer,
        newsletter_id: str,
        wanted: Annotated[Redaction, sent(Redaction)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.redact(
                newsletter_id, wanted.because, version=version, by=actor, also=also
            ),
            NewsletterOut.of,
        )


def _testing(router: APIRouter, desk: NewsletterDesk) -> None:
    @router.post(
        "/v1/newsletters/{newsletter_id}/test-letters",
        status_code=202,
        summary="Skicka ett testbrev",
        description=SendTestLetters.__doc__ or "",
        responses=documented(TestLettersOut, 202, "Breven är på väg."),
    )
    async def tested(
        actor: Annotated[Actor, needs("addresses.read")],
        newsletter_id: str,
        wanted: Annotated[TestLetters, sent(TestLetters)],
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.test(newsletter_id, wanted.language, wanted.to, by=actor, also=also),
            lambda queued: TestLettersOut(queued=queued),
            202,
        )


def _segment(data: dict[str, object]) -> Segment:
    return from_data(data) if data else EVERYBODY
