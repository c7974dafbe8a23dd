"""Coming and going: the link of a message, and leaving in a hurry."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder
from services.web.cookies import Cookies
from services.web.participant_api import LinkNotKnown, ParticipantApi
from services.web.public.link_doors import LinkDoors
from services.web.public.visits import Visits
from services.web.settings import Settings
from services.web.storage.sessions import Sessions
from shared.privacy.link_secret import has_its_shape
from shared.web.permissions import open_to_all

_TO = {"erbjudande": "/erbjudande", "inkorg": "/inkorg"}


def routes(
    settings: Settings,
    api: ParticipantApi,
    sessions: Sessions,
    cookies: Cookies,
    visits: Visits,
    doors: LinkDoors,
) -> APIRouter:
    """`/m/<secret>` and `/lamna`."""
    desk = APIRouter(include_in_schema=False)

    @desk.get("/m/{secret}", dependencies=[open_to_all("whoever holds a link; it is checked here")])
    async def link(secret: str, request: Request) -> Response:
        """Exchange the secret for a cookie, so that it is in no address from here on."""
        if not has_its_shape(secret):
            raise LinkNotKnown
        where = _TO.get(request.query_params.get("till", ""), "/min-bokning")
        await _known(api, visits.holder(request, secret))
        await sessions.close(cookies.session_of(request))
        answer = RedirectResponse(where, 303, {"Cache-Control": "no-store"})
        cookies.give_session(answer, await sessions.open(secret))
        return answer

    @desk.get("/lamna", dependencies=[open_to_all("anybody may leave")])
    async def leave(request: Request) -> Response:
        """Forget the visit here, and be somewhere ordinary."""
        await sessions.close(cookies.session_of(request))
        headers = {"Clear-Site-Data": '"cache", "storage"'} if settings.over_https else {}
        answer = RedirectResponse(settings.leave_to, 303, headers)
        cookies.take_session(answer)
        await doors.leave(request, answer)
        return answer

    return desk


async def _known(api: ParticipantApi, holder: Holder) -> None:
    """Raises LinkNotKnown when neither service knows the link, ServiceAway when none can say."""
    try:
        await api.my_booking(holder)
    except LinkNotKnown:
        await api.my_inbox(holder)
