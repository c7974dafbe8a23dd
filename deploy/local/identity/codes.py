"""Authorization codes: used once, within a minute, by the one who holds the verifier (RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass

from deploy.local.identity.people import Person

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Granted:
    """What a code stands for."""

    person: Person
    client: str
    redirect_uri: str
    challenge: str
    nonce: str
    until: float


class Codes:
    """The codes given out and not yet used."""

    def __init__(self) -> None:
        self._open: dict[str, Granted] = {}

    def give(
        self, person: Person, *, client: str, redirect_uri: str, challenge: str, nonce: str
    ) -> str:
        """A new code."""
        code = secrets.token_urlsafe(32)
        until = time.monotonic() + _SECONDS
        self._open[code] = Granted(person, client, redirect_uri, challenge, nonce, until)
        return code

    def use(self, code: str, *, client: str, redirect_uri: str, verifier: str) -> Granted | None:
        """What it stands for, once; None for a wrong, old or used one."""
        granted = self._open.pop(code, None)
        if granted is None or granted.until < time.monotonic():
            return None
        proven = secrets.compare_digest(_challenge(verifier), granted.challenge)
        same = (granted.client, granted.redirect_uri) == (client, redirect_uri)
        return granted if proven and same else None


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
