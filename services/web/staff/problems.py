"""What staff see when something is not there or went wrong; and the way to signing in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.web.staff.door import Staff
from services.web.staff.frame import StaffPages, address_of

STAFF = "/console"
_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "sign-in-failed": "sign_in",
        "sign-in-away": "sign_in_away",
        "sign-in-unavailable": "sign_in_away",
        "unavailable": "away",
        "not-found": "missing",
        "method-not-allowed": "missing",
        "forbidden": "forbidden",
        "version-conflict": "changed",
        "not-our-form": "old_form",
        "internal-error": "broken",
    }
)
"""A problem's kind → the page with words of its own; others show the problem's sentence."""


class StaffProblems:
    """Makes a page of a problem."""

    def __init__(self, pages: StaffPages) -> None:
        self._pages = pages

    def __call__(
        self, request: Request, status: int, kind: str, said: Mapping[str, Any]
    ) -> Response:
        """The page; whoever is not signed in is led to signing in and back again."""
        if kind == "sign-in-needed":
            return self._to_sign_in(request)
        if kind == "fresh-sign-in-needed":
            return self._to_sign_in(request, request.url.path, "&fresh=1")
        staff: Staff | None = getattr(request.state, "staff", None)
        name = _PAGES.get(kind, "")
        sentence = "" if name else str(said.get("detail", ""))
        return self._pages.sorry(request, staff, status, name, sentence)

    @staticmethod
    def _to_sign_in(request: Request, after_post: str = STAFF, more: str = "") -> Response:
        then = address_of(request) if request.method in ("GET", "HEAD") else after_post
        to = f"{STAFF}/sign-in?next={quote(then, safe='')}{more}"
        if "hx-request" in request.headers:
            # A part of a page cannot become the sign-in: the whole page goes there.
            return Response(
                status_code=401, headers={"HX-Redirect": to, "Cache-Control": "no-store"}
            )
        return RedirectResponse(to, 303, {"Cache-Control": "no-store"})
