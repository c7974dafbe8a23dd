"""The two cookies: one opaque for the session, one for the language. No script can read either."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from services.web.settings import Settings
from services.web.storage.sessions import LONGEST

_YEAR = 365 * 24 * 3600


class Cookies:
    """`__Host-` names over https. On loopback the port is in the name, as all share a host."""

    def __init__(self, settings: Settings, session: str = "besok") -> None:
        self._https = settings.over_https
        port = urlsplit(settings.front_door).port or 80
        self._session = f"__Host-{session}" if self._https else f"{session}-{port}"
        self._language = "__Host-sprak" if self._https else f"sprak-{port}"

    def session_of(self, request: Request) -> str | None:
        """The session cookie that came along."""
        return request.cookies.get(self._session)

    def language_of(self, request: Request) -> str | None:
        """The language chosen before."""
        return request.cookies.get(self._language)

    def give_session(self, response: Response, value: str) -> None:
        """Set it, until the session's longest end."""
        self._set(response, self._session, value, int(LONGEST.total_seconds()))

    def take_session(self, response: Response) -> None:
        """Remove it."""
        self._set(response, self._session, "", 0)

    def give_language(self, response: Response, value: str) -> None:
        """Remember it for a year."""
        self._set(response, self._language, value, _YEAR)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self._https,
            httponly=True,
            samesite="lax",
        )
