"""Only our own forms change anything (CSRF): Fetch Metadata, Origin, and a token of the session.

https://www.w3.org/TR/fetch-metadata/ ; our Referrer-Policy makes browsers send `Origin: null`
with our own forms, so a missing or null Origin proves nothing either way, and the token decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.web.settings import Settings
from services.web.storage.sessions import Visit
from shared.kernel.refusal import Refusal

FIELD = "kvitto"


class NotOurForm(Refusal):
    """The request did not come from a page of ours that this visitor was shown."""

    kind = "not-our-form"
    sv = "Sidan var för gammal, eller så kom du hit från en annan webbplats. Öppna den igen."
    en = "The page was too old, or you came here from another site. Open it again."


class UnreadableForm(Refusal):
    """Not a form."""

    kind = "unreadable-form"
    sv = "Formuläret gick inte att läsa. Försök igen."
    en = "The form could not be read. Try again."


async def own_form(request: Request, settings: Settings, visit: Visit) -> Mapping[str, str]:
    """The fields of a form of ours.

    Raises:
        NotOurForm: another site sent it, or its token is not this session's.
        UnreadableForm: it is no form at all.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise NotOurForm
    origin = request.headers.get("origin")
    if origin not in (None, "null", settings.origin):
        raise NotOurForm
    fields = await _fields(request)
    if not secrets.compare_digest(fields.get(FIELD, "").encode(), visit.form_token.encode()):
        raise NotOurForm
    return fields


async def _fields(request: Request) -> Mapping[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise UnreadableForm
    try:
        return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    except ValueError as wrong:
        raise UnreadableForm from wrong
