"""Only our own forms change anything (CSRF): Fetch Metadata, Origin, and a token of the session.

https://www.w3.org/TR/fetch-metadata/ ; our Referrer-Policy makes browsers send `Origin: null`
with our own forms, so a missing or null Origin proves nothing either way, and the token decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes
from email.policy import HTTP
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.web.settings import Settings
from shared.kernel.refusal import Refusal

FIELD = "kvitto"
_MOST_FIELDS = 200
_MOST_BYTES = 16 * 1024


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


class Shown(Protocol):
    """Whoever was shown the form: a visit, or somebody who is signed in."""

    @property
    def form_token(self) -> str:
        """What the form must carry."""
        ...


class Fields(dict[str, str]):
    """The last of each name; `all` gives every one of a name that can come several times.

    `files` are those that came along, as they are.
    """

    def __init__(
        self, pairs: Iterable[tuple[str, str]], files: Mapping[str, bytes] | None = None
    ) -> None:
        self._pairs = list(pairs)
        self.files: Mapping[str, bytes] = files or {}
        super().__init__(self._pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """All of them, in the order in which they were sent."""
        return list(self._pairs)

    def all(self, name: str) -> list[str]:
        """In the order in which they were sent."""
        return [value for each, value in self._pairs if each == name]

    def without(self, *names: str) -> Fields:
        """The others."""
        return Fields([pair for pair in self._pairs if pair[0] not in names], self.files)


def from_our_own_page(request: Request, settings: Settings) -> None:
    """Raises NotOurForm when a browser says that another site sent the form."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise NotOurForm
    origin = request.headers.get("origin")
    if origin not in (None, "null", settings.origin):
        raise NotOurForm


async def own_form(
    request: Request,
    settings: Settings,
    visit: Shown,
    *,
    most_bytes: int = _MOST_BYTES,
    most_fields: int = _MOST_FIELDS,
) -> Fields:
    """The fields of a form of ours.

    Raises:
        NotOurForm: another site sent it, or its token is not this session's.
        UnreadableForm: it is no form at all.
    """
    from_our_own_page(request, settings)
    fields = await fields_of(request, most_bytes, most_fields)
    if not secrets.compare_digest(fields.get(FIELD, "").encode(), visit.form_token.encode()):
        raise NotOurForm
    return fields


async def fields_of(
    request: Request, most_bytes: int = _MOST_BYTES, most_fields: int = _MOST_FIELDS
) -> Fields:
    """What a form holds, in either way to send one: mail programs prefer the second (RFC 8058).

    Raises:
        UnreadableForm: it is no form, or one with more fields than any of ours.
    """
    kind = request.headers.get("content-type", "")
    name = kind.partition(";")[0].strip().lower()
    body = await request.body()
    try:
        if name == "application/x-www-form-urlencoded":
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=most_fields)
            return Fields(pairs)
        if name == "multipart/form-data" and len(body) <= most_bytes:
            return _with_files(kind, body)
    except (ValueError, LookupError, RecursionError) as wrong:
        # The last: brackets in brackets in a part's header, or parts in parts, without end.
        raise UnreadableForm from wrong
    raise UnreadableForm


def _with_files(kind: str, body: bytes) -> Fields:
    parts = list(_parts(kind, body))
    pairs = [(name, content.decode()) for name, content, is_file in parts if not is_file]
    return Fields(pairs, {name: content for name, content, is_file in parts if is_file})


def _parts(kind: str, body: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """Name, content, and whether it is a file."""
    whole = b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body
    mail = message_from_bytes(whole, policy=HTTP)
    if not mail.is_multipart():
        raise UnreadableForm
    for part in mail.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            yield name, content, part.get_filename() is not None
