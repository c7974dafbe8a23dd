"""Whose page it is: the open session of a request, or the way to open one."""

from __future__ import annotations

from starlette.requests import Request

from services.web.asking import Holder
from services.web.cookies import Cookies
from services.web.storage.sessions import Sessions, Visit
from services.web.wording import language_for
from shared.kernel.refusal import Refusal
from shared.web.visitor import visitor_of


class VisitEnded(Refusal):
    """No session, or one that has ended."""

    kind = "visit-ended"
    sv = "Du behöver öppna länken i meddelandet igen."
    en = "You need to open the link in the message again."


class Visits:
    """Finds the visit of a request."""

    def __init__(self, sessions: Sessions, cookies: Cookies) -> None:
        self._sessions, self._cookies = sessions, cookies

    async def of(self, request: Request) -> Visit:
        """Raises VisitEnded."""
        visit = await self.maybe(request)
        if visit is None:
            raise VisitEnded
        return visit

    def holder(self, request: Request, link_secret: str) -> Holder:
        """Whoever asks, as the services are told of them."""
        language = language_for(request, self._cookies)
        return Holder(link_secret, language, visitor_of(request))

    async def maybe(self, request: Request) -> Visit | None:
        """The visit, if there is one."""
        return await self._sessions.find(self._cookies.session_of(request))
