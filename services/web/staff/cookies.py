"""The console's two cookies: the session's, and a sign-in's on its way. No script reads either."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from services.web.settings import Settings
from services.web.storage.sign_ins import WITHIN
from services.web.storage.staff_sessions import LONGEST


class StaffCookies:
    """`__Host-` names over https. On loopback the port is in the name, as all share a host."""

    def __init__(self, settings: Settings) -> None:
        self._https = settings.over_https
        port = urlsplit(settings.front_door).port or 80
        self._session = "__Host-personal" if self._https else f"personal-{port}"
        self._sign_in = "__Host-inloggning" if self._https else f"inloggning-{port}"

    def session_of(self, request: Request) -> str | None:
        """The session cookie that came along."""
        return request.cookies.get(self._session)

    def sign_in_of(self, request: Request) -> str:
        """The cookie of a sign-in that has begun; empty without one."""
        return request.cookies.get(self._sign_in, "")

    def give_session(self, response: Response, value: str) -> None:
        """Set it, until the session's longest end."""
        self._set(response, self._session, value, int(LONGEST.total_seconds()))

    def take_session(self, response: Response) -> None:
        """Remove it."""
        self._set(response, self._session, "", 0)

    def give_sign_in(self, response: Response, value: str) -> None:
        """Set it, for as long as a sign-in may take."""
        self._set(response, self._sign_in, value, int(WITHIN.total_seconds()))

    def take_sign_in(self, response: Response) -> None:
        """Remove it."""
        self._set(response, self._sign_in, "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        # Lax, as the browser comes back from the identity provider's site.
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self._https,
            httponly=True,
            samesite="lax",
        )
