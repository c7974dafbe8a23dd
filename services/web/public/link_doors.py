"""Links of mentoring's: whoever has one gets a cookie for its page alone, and the address is bare.

A referrer's link and the link of what is shared have a cookie and a collection each: none of them
opens the other's page, nor a participant's booking, and none of their secrets goes to a service
that it is not for.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder
from services.web.cookies import Cookies
from services.web.participant_api import LinkNotKnown
from services.web.public.visits import VisitEnded, Visits
from services.web.settings import Settings
from services.web.storage.sessions import Sessions, Visit
from shared.mongo.client import Database
from shared.privacy.link_secret import has_its_shape


@dataclass(frozen=True, slots=True)
class LinkDoor:
    """The way from a link to its page at `to`."""

    to: str
    sessions: Sessions
    cookies: Cookies
    visits: Visits

    def holder(self, request: Request, secret: str) -> Holder:
        """Whoever has the secret. Raises LinkNotKnown for what cannot be one."""
        if not has_its_shape(secret):
            raise LinkNotKnown
        return self.visits.holder(request, secret)

    async def open(self, request: Request, secret: str) -> Response:
        """A cookie for the secret, so that it is in no address from here on."""
        await self.sessions.close(self.cookies.session_of(request))
        answer = RedirectResponse(self.to, 303, {"Cache-Control": "no-store"})
        self.cookies.give_session(answer, await self.sessions.open(secret))
        return answer

    async def visit(self, request: Request) -> Visit:
        """The visit of a request. Raises VisitEnded."""
        found = await self.sessions.find(self.cookies.session_of(request))
        if found is None:
            raise VisitEnded
        return found

    async def close(self, request: Request, answer: Response) -> None:
        """Nothing is open any more, here and in the browser."""
        await self.sessions.close(self.cookies.session_of(request))
        self.cookies.take_session(answer)


@dataclass(frozen=True, slots=True)
class LinkDoors:
    """Both of them."""

    referring: LinkDoor
    shared: LinkDoor

    @classmethod
    def of(cls, settings: Settings, database: Database, visits: Visits) -> LinkDoors:
        """With a collection and a cookie each."""

        def door(to: str, name: str) -> LinkDoor:
            sessions = Sessions(database, settings.key, f"{name}_sessions")
            return LinkDoor(to, sessions, Cookies(settings, name), visits)

        return cls(door("/anmal", "anmal"), door("/delat", "delat"))

    async def make_indexes(self) -> None:
        """The database throws out what has ended."""
        for door in (self.referring, self.shared):
            await door.sessions.make_indexes()

    async def leave(self, request: Request, answer: Response) -> None:
        """Whoever leaves in a hurry leaves them all."""
        for door in (self.referring, self.shared):
            await door.close(request, answer)
