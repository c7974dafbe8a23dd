"""`/v1/mentors` for whoever matches, `/v1/own-profile` for a mentor's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.mentoring.api.case_models import Username
from services.mentoring.api.matching_words import MatchCode
from services.mentoring.api.mentor_models import (
    AvailabilityIn,
    CheckIn,
    MentorChangedOut,
    MentorOut,
    OwnProfileOut,
    PauseIn,
    ProfileIn,
    StandingOut,
    TrainingIn,
)
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.matching import Training
from services.mentoring.domain.mentor import MentorProfile
from services.mentoring.use_cases.change_mentor import ChangeMentor, PutMentor
from services.mentoring.use_cases.see_mentors import ListMentors, SeeMentor, SeeOwnProfile
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_DONE = documented(MentorChangedOut, 200, "Profilen är ändrad.")
_Reader = Annotated[Actor, needs("mentors.read")]
_Writer = Annotated[Actor, needs("mentors.write")]
_Self = Annotated[Actor, needs("mentors.own")]


@dataclass(frozen=True, slots=True)
class MentorDesk:
    """What the routes ask."""

    listed: ListMentors
    see: SeeMentor
    own: SeeOwnProfile
    put: PutMentor
    change: ChangeMentor


def routes(desk: MentorDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(tags=["mentors"])
    _reading(router, desk)
    _writing(router, desk)
    _proving(router, desk)
    _standing(router, desk)
    _own(router, desk)
    return router


def _reading(router: APIRouter, desk: MentorDesk) -> None:
    @router.get(
        "/v1/mentors",
        summary="Mentorer",
        description=ListMentors.__doc__ or "",
        responses={200: listed_example(StandingOut)},
    )
    async def listed(actor: _Reader, page: Page) -> Listing[StandingOut]:
        found, total = await desk.listed(by=actor, limit=page.limit, offset=page.offset)
        return listing([StandingOut.of(each) for each in found], total, page)

    @router.get(
        "/v1/mentors/{username}",
        summary="En mentor",
        description=SeeMentor.__doc__ or "",
        responses=documented(MentorOut, 200, "Profilen, med ETag."),
    )
    async def shown(actor: _Reader, username: Username, response: Response) -> MentorOut:
        seen = await desk.see(username, by=actor)
        response.headers["ETag"] = etag(seen[0].profile.version)
        return MentorOut.of(seen)


def _writing(router: APIRouter, desk: MentorDesk) -> None:
    @router.put(
        "/v1/mentors/{username}",
        summary="Skriv en mentors profil",
        description=PutMentor.__doc__ or "",
        responses=_DONE,
    )
    async def put(
        actor: _Writer,
        username: Username,
        wanted: Annotated[ProfileIn, sent(ProfileIn)],
        seen: IfMatch,
    ) -> Response:
        answer = await desk.put(
            Name(username), wanted.wanted(), seen=seen, by=actor, present=_answer
        )
        return respond(answer)


def _proving(router: APIRouter, desk: MentorDesk) -> None:
    @router.put(
        "/v1/mentors/{username}/trainings/{code}",
        summary="En utbildning",
        description=ChangeMentor.training.__doc__ or "",
        responses=_DONE,
    )
    async def trained(
        actor: _Writer,
        username: Username,
        code: Annotated[MatchCode, Path()],
        wanted: Annotated[TrainingIn, sent(TrainingIn)],
        seen: IfMatch,
    ) -> Response:
        training = Training(code, wanted.until)
        answer = await desk.change.training(
            Name(username), training, seen=seen, by=actor, present=_answer
        )
        return respond(answer)

    @router.put(
        "/v1/mentors/{username}/background-check",
        summary="Registerkontrollen är visad",
        description=ChangeMentor.background_check.__doc__ or "",
        responses=_DONE,
    )
    async def checked(
        actor: _Writer,
        username: Username,
        wanted: Annotated[CheckIn, sent(CheckIn)],
        seen: IfMatch,
    ) -> Response:
        answer = await desk.change.background_check(
            Name(username), wanted.on, seen=seen, by=actor, present=_answer
        )
        return respond(answer)


def _standing(router: APIRouter, desk: MentorDesk) -> None:
    @router.put(
        "/v1/mentors/{username}/availability",
        summary="En mentors tider",
        description=ChangeMentor.availability.__doc__ or "",
        responses=_DONE,
    )
    async def available(
        actor: _Writer,
        username: Username,
        wanted: Annotated[AvailabilityIn, sent(AvailabilityIn)],
        seen: IfMatch,
    ) -> Response:
        windows = [each.window() for each in wanted.availability]
        answer = await desk.change.availability(
            Name(username), windows, seen=seen, by=actor, present=_answer
        )
        return respond(answer)

    @router.put(
        "/v1/mentors/{username}/pause",
        summary="En mentors paus",
        description=ChangeMentor.pause.__doc__ or "",
        responses=_DONE,
    )
    async def paused(
        actor: _Writer,
        username: Username,
        wanted: Annotated[PauseIn, sent(PauseIn)],
        seen: IfMatch,
    ) -> Response:
        answer = await desk.change.pause(
            Name(username), wanted.until, seen=seen, by=actor, present=_answer
        )
        return respond(answer)


def _own(router: APIRouter, desk: MentorDesk) -> None:
    @router.get(
        "/v1/own-profile",
        summary="Min profil som mentor",
        description=SeeOwnProfile.__doc__ or "",
        responses=documented(OwnProfileOut, 200, "Profilen, med ETag."),
    )
    async def own(actor: _Self, response: Response) -> OwnProfileOut:
        seen = await desk.own(by=actor)
        response.headers["ETag"] = etag(seen[0].profile.version)
        return OwnProfileOut.of(seen)

    @router.put(
        "/v1/own-profile/availability",
        summary="Mina tider",
        description=ChangeMentor.availability.__doc__ or "",
        responses=_DONE,
    )
    async def own_times(
        actor: _Self, wanted: Annotated[AvailabilityIn, sent(AvailabilityIn)], seen: IfMatch
    ) -> Response:
        windows = [each.window() for each in wanted.availability]
        answer = await desk.change.availability(
            Name(actor.username), windows, seen=seen, by=actor, present=_answer
        )
        return respond(answer)

    @router.put(
        "/v1/own-profile/pause",
        summary="Min paus",
        description=ChangeMentor.pause.__doc__ or "",
        responses=_DONE,
    )
    async def own_pause(
        actor: _Self, wanted: Annotated[PauseIn, sent(PauseIn)], seen: IfMatch
    ) -> Response:
        answer = await desk.change.pause(
            Name(actor.username), wanted.until, seen=seen, by=actor, present=_answer
        )
        return respond(answer)


def _answer(profile: MentorProfile) -> Answer:
    return Answer.of(200, MentorChangedOut.of(profile), {"ETag": etag(profile.version)})
