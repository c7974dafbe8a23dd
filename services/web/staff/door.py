"""Who is at the console, and may they open this: every staff route says so with `opens`.

staff: Annotated[Staff, opens("booking:occasions.read")]
form: StaffForm                      # on every POST: only our own page's form is taken
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request

from services.web.own_forms import Fields, own_form
from services.web.settings import Settings
from services.web.staff.asking_first import ensure_meant
from services.web.staff.cookies import StaffCookies
from services.web.staff.freshness import FRESH, is_fresh
from services.web.staff.rights import EVERYBODY, RIGHTS, may
from services.web.storage.staff_sessions import Person, StaffSession, StaffSessions
from shared.kernel.refusal import Forbidden, Refusal
from shared.web.body_guard import MIB
from shared.web.language import Language, language_of
from shared.web.permissions import decided_by
from shared.web.visitor import visitor_of

BY_ITSELF = "console-live"
"""The header of what a page asks for by itself: it keeps no session awake."""
LIVE = "/console/live/"
"""Streams: a browser opens them again by itself, and can send no header with it."""


class SignInNeeded(Refusal):
    """Nobody is signed in here, or not any more."""

    kind = "sign-in-needed"
    sv = "Du behöver logga in."
    en = "You need to sign in."


class FreshSignInNeeded(Refusal):
    """Somebody is signed in, and must prove again who they are."""

    kind = "fresh-sign-in-needed"
    sv = "Logga in igen för att göra det här."
    en = "Sign in again to do this."


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is signed in."""

    session: StaffSession
    language: Language
    address: str

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.session.person

    @property
    def form_token(self) -> str:
        """What each form of theirs carries."""
        return self.session.form_token

    def may(self, *any_of: str) -> bool:
        """Whether they have at least one of the permissions; see `rights`."""
        return may(self.person.roles, *any_of)


@dataclass(frozen=True, slots=True)
class Door:
    """Looks at who comes. One per app, in `app.state.staff_door`."""

    settings: Settings
    sessions: StaffSessions
    cookies: StaffCookies

    async def maybe(self, request: Request) -> Staff | None:
        """Whoever is signed in here, if anybody is."""
        known: Staff | None = getattr(request.state, "staff", None)
        if known is None:
            touch = BY_ITSELF not in request.headers and not request.url.path.startswith(LIVE)
            cookie = self.cookies.session_of(request)
            session = await self.sessions.find(cookie, touch=touch)
            if session:
                known = Staff(session, language_of(request), visitor_of(request))
                request.state.staff = known
        return known

    async def who(self, request: Request) -> Staff:
        """Raises SignInNeeded."""
        found = await self.maybe(request)
        if found is None:
            raise SignInNeeded
        return found


class _Opens:
    """Decides by permission. `permissions` is for the list of routes."""

    def __init__(self, permissions: tuple[str, ...]) -> None:
        self.permissions = permissions

    async def __call__(self, request: Request) -> Staff:
        staff = await door_of(request).who(request)
        if not staff.may(*self.permissions):
            raise Forbidden
        return staff


class _OpensLately(_Opens):
    """The same, for whoever has proved who they are a short while ago."""

    def __init__(self, permissions: tuple[str, ...], within: timedelta) -> None:
        super().__init__(permissions)
        self._within = within

    async def __call__(self, request: Request) -> Staff:
        staff = await super().__call__(request)
        if not is_fresh(staff.session.proved_at, within=self._within):
            raise FreshSignInNeeded
        return staff


_MOST_FIELDS = 500
"""An evening's attendance has two for each party, and 200 parties at most."""


class _TakesForm:
    """A dependency: the fields of a form that this very session was shown."""

    def __init__(self, most_bytes: int = 16 * 1024) -> None:
        self._most_bytes = most_bytes

    async def __call__(self, request: Request) -> Fields:
        door = door_of(request)
        staff = await door.who(request)
        form = await own_form(
            request,
            door.settings,
            staff,
            most_bytes=self._most_bytes,
            most_fields=_MOST_FIELDS,
        )
        request.state.staff_form = form
        ensure_meant(form)
        return form


def door_of(request: Request) -> Door:
    """The app's door."""
    found: Door = request.app.state.staff_door
    return found


def opens(*permissions: str) -> Any:
    """Only for whoever has one of these permissions: else sign-in, or a calm page (403).

    Raises:
        KeyError: `rights` knows no such permission.
    """
    for name in permissions:
        if name != EVERYBODY:
            RIGHTS[name]
    decide: Callable[[Request], Awaitable[Staff]] = _Opens(permissions)
    return decided_by(decide, f"staff: {', '.join(permissions)}")


def opens_lately(*permissions: str, within: timedelta = FRESH) -> Any:
    """As `opens`, and only a short while after a sign-in: else to sign in again, and back here.

    For what an unattended screen must not give away. A form that was opened in time may be sent
    somewhat later (`within=STILL_FRESH`), so that nobody loses what they wrote.

    Raises:
        KeyError: `rights` knows no such permission.
    """
    for name in permissions:
        RIGHTS[name]
    decide: Callable[[Request], Awaitable[Staff]] = _OpensLately(permissions, within)
    return decided_by(decide, f"staff: {', '.join(permissions)}")


StaffForm = Annotated[Fields, Depends(_TakesForm())]
BigStaffForm = Annotated[Fields, Depends(_TakesForm(6 * MIB))]
"""A form with a file; its route takes `big_body(6 * MIB)` as well."""

Anybody = Annotated[Staff, opens(EVERYBODY)]
"""Whoever is signed in, whatever their role."""
