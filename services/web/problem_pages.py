"""What a visitor sees when something is not there or went wrong: a page, never a program's words.

Every no of the app is a problem document (RFC 9457). For a visitor it becomes a page here, with
the same status; the APIs and callbacks behind the door keep theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.cookies import Cookies
from services.web.pages import Pages
from services.web.staff.problems import STAFF, StaffProblems
from services.web.wording import language_for
from shared.web.problems import MEDIA_TYPE

NOT_PAGES = (
    "/api/",
    "/callbacks/",
    "/v1/",
    "/openapi.json",
    "/inkorg/nytt",
    "/console/live/",
)

_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "link-not-known": "link",
        "visit-ended": "ended",
        "service-unreachable": "away",
        "newsletters-unreachable": "letters_away",
        "publications-unreachable": "library_away",
        "support-unreachable": "support_away",
        "too-many-requests": "many",
        "unavailable": "away",
        "not-found": "missing",
        "method-not-allowed": "missing",
        "internal-error": "broken",
    }
)
"""A problem's kind → the page with words of its own; others show the problem's sentence."""


class ProblemPages:
    """Middleware. Also settles the language once: whoever answers reads it in Accept-Language."""

    def __init__(
        self, app: ASGIApp, pages: Pages, staff_pages: StaffProblems, cookies: Cookies
    ) -> None:
        self._app, self._pages, self._cookies = app, pages, cookies
        self._staff_pages = staff_pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pages through and turn problems into pages."""
        if scope["type"] != "http" or scope["path"].startswith(NOT_PAGES):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        headers = MutableHeaders(raw=list(scope["headers"]))
        # Services answer in Swedish or English; Arabic words for their refusals are ours.
        headers["accept-language"] = language_for(request, self._cookies)
        # The same state within and without: the console's pages know who is signed in.
        state = dict(scope.get("state") or {})
        # HEAD is GET without the body: which page a problem becomes stands in the problem's body.
        head = scope["method"] == "HEAD"
        scope = {**scope, "headers": headers.raw, "state": state}
        scope, send = ({**scope, "method": "GET"}, _bodiless(send)) if head else (scope, send)
        held = _Held(send)
        await self._app(scope, receive, held)
        if held.start is not None:
            page = self._page(Request(scope, receive), held.start["status"], held.body)
            if wait := Headers(raw=held.start["headers"]).get("retry-after"):
                page.headers["Retry-After"] = wait
            await page(scope, receive, send)

    def _page(self, request: Request, status: int, body: bytes) -> Response:
        said = json.loads(body or b"{}")
        kind = str(said.get("type", "")).rpartition("/")[2]
        if request.url.path.startswith(STAFF):
            return self._staff_pages(request, status, kind, said)
        name = _PAGES.get(kind, "")
        words = self._pages.words(request)
        sentence = "" if name else words.refusal(kind, str(said.get("detail", "")))
        return self._pages.sorry(request, status, name, sentence)


def _bodiless(send: Send) -> Send:
    """Passes an answer on without its body."""

    async def without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            if message.get("more_body", False):
                return
            message = {**message, "body": b""}
        await send(message)

    return without_body


class _Held:
    """Passes answers on, but keeps a problem document back."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith(MEDIA_TYPE):
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            return
        await self._send(message)
