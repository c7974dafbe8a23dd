"""What a subscriber's links carry: a stamped id. They work for ever, without signing in.

A link of one list names the subscriber and the list by a short key of its id; so nothing has to be
stored for a link, and none has to be looked up to be checked.

RFC 8058 (one-click): only a POST that says so changes anything. A GET, a HEAD, a prefetch, a mail
scanner that follows every link: they see a page.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.publishing.domain.stamps import Keyring, opened, stamped

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The field and value that a mail program sends (RFC 8058 §3.1)."""
PRESSED = ("press", "leave")
"""The field and value of the one button on our page."""

Deed = Literal["show", "leave", "nothing"]
KEY = 8
"""Bytes of a list's key."""
_ASKING = 2
_PERSONAL = b"safespace-list"


@dataclass(frozen=True, slots=True)
class Place:
    """One subscriber on one list, as a link says it: `list_key` is `key_of(list id)`."""

    subscriber: uuid.UUID
    list_key: bytes


@dataclass(frozen=True, slots=True)
class OptIn:
    """What an opt-in link says: which place, and which time it was asked for."""

    place: Place
    asking: int


def key_of(list_id: str) -> bytes:
    """8 bytes that tell the lists of one subscriber apart (BLAKE2b, RFC 7693). Not a secret."""
    return hashlib.blake2b(list_id.encode(), digest_size=KEY, person=_PERSONAL).digest()


def unsubscribe_token(ring: Keyring, place: Place) -> str:
    """50 characters that can stand in a path."""
    return _text(stamped(ring, "unsubscribe", place.subscriber, place.list_key))


def place_of(ring: Keyring, token: str) -> Place | None:
    """Whose link it is and for which list, or None."""
    found = opened(ring, "unsubscribe", _data(token), KEY)
    return Place(*found) if found else None


def preference_token(ring: Keyring, subscriber: uuid.UUID) -> str:
    """The same for the preference page of a subscriber."""
    return _text(stamped(ring, "preferences", subscriber))


def subscriber_of(ring: Keyring, token: str) -> uuid.UUID | None:
    """Whose page it is, or None."""
    found = opened(ring, "preferences", _data(token))
    return found[0] if found else None


def opt_in_token(ring: Keyring, asked: OptIn) -> str:
    """For the link in an opt-in mail: good for this asking alone."""
    extra = asked.place.list_key + (asked.asking % 65536).to_bytes(_ASKING, "big")
    return _text(stamped(ring, "opt-in", asked.place.subscriber, extra))


def opt_in_of(ring: Keyring, token: str) -> OptIn | None:
    """What the link says, or None."""
    found = opened(ring, "opt-in", _data(token), KEY + _ASKING)
    if found is None:
        return None
    subscriber, extra = found
    return OptIn(Place(subscriber, extra[:KEY]), int.from_bytes(extra[KEY:], "big"))


def deed(method: str, fields: Mapping[str, str]) -> Deed:
    """What a request to an unsubscribe link does; `fields` are those of its body, never its query.

    A POST without either field shows the page: no mail program and no button of ours sends one.
    """
    if method == "POST":
        said = any(fields.get(name) == value for name, value in (ONE_CLICK, PRESSED))
        return "leave" if said else "show"
    return "show" if method in ("GET", "HEAD") else "nothing"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _data(token: str) -> bytes:
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return data if _text(data) == token else b""
