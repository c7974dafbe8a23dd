"""Who is asking: an OIDC access token becomes an `Actor`, or the answer is 401 (DESIGN §8).

The signature algorithm is ours to choose, never the token's; issuer and audience are exact, one
audience alone; keys come from the issuer's own address, never from the token.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry

from shared.kernel.actor import ANYBODY, Actor
from shared.web.refusals import NotSignedIn
from shared.web.signing_keys import SigningKeys

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
"""Asymmetric only: a public key can then never serve as a shared secret."""

LEEWAY_SECONDS = 30
LONGEST_TOKEN = 8192
MOST_VERIFIED = 5000
_TYPES = ("JWT", "at+jwt", "application/at+jwt")
_KEY_TYPES = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "Ed25519": "OKP"}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom a token speaks for, and until when it does, in seconds of real time."""

    actor: Actor
    until: float


@dataclass(frozen=True, slots=True)
class _Verified:
    key: Key
    key_id: str
    claims: dict[str, Any]
    signed_in: SignedIn


class TokenVerifier:
    """Checks tokens for one audience at one issuer. `now` is real time in seconds."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        jwks_url: str | None = None,
        keys: SigningKeys | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._audience = audience
        self.now = now
        self._registry = JWSRegistry(algorithms=list(ALGORITHMS))
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()
        self.keys = keys or SigningKeys(self._issuer, jwks_url)

    async def verify(self, token: str) -> Actor:
        """The person or service that the token speaks for. Raises as `sign_in` does."""
        return (await self.sign_in(token)).actor

    async def sign_in(self, token: str) -> SignedIn:
        """The person or service that the token speaks for, and for how long.

        Raises:
            NotSignedIn: anything at all is wrong with it; which thing is not told.
            TokenKeysUnavailable: the issuer cannot be reached and no keys are known.
        """
        if len(token) > LONGEST_TOKEN:
            raise NotSignedIn
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        kept = self._verified.get(digest)
        if kept is not None and await self.keys.find(kept.key_id) is kept.key:
            self._check(kept.claims)
            return kept.signed_in
        key = await self._key_for(_header(token))
        claims = self._claims(token, key)
        self._check(claims)
        found = SignedIn(_actor(claims, self.now()), claims["exp"] + LEEWAY_SECONDS)
        self._keep(digest, _Verified(key, str(key.kid), claims, found))
        return found

    def _claims(self, token: str, key: Key) -> dict[str, Any]:
        try:
            return jwt.decode(token, key, registry=self._registry).claims
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise NotSignedIn from None

    def _keep(self, digest: bytes, verified: _Verified) -> None:
        """A signature holds as long as its key does; its times are looked at again each time."""
        self._verified[digest] = verified
        while len(self._verified) > MOST_VERIFIED:
            self._verified.popitem(last=False)

    async def _key_for(self, header: dict[str, Any]) -> Key:
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS or not isinstance(key_id, str) or len(key_id) > 200:
            raise NotSignedIn
        if header.get("typ", "JWT") not in _TYPES or "crit" in header:
            raise NotSignedIn
        key = await self.keys.find(key_id)
        if key is None or key.key_type != _KEY_TYPES[algorithm]:
            raise NotSignedIn
        return key

    def _check(self, claims: dict[str, Any]) -> None:
        now = self.now()
        expires, not_before = claims.get("exp"), claims.get("nbf", 0)
        holds = (
            claims.get("iss") in (self._issuer, self._issuer + "/")
            and claims.get("aud") in (self._audience, [self._audience])
            and isinstance(claims.get("sub"), str)
            and bool(claims["sub"])
            and isinstance(expires, int | float)
            and isinstance(not_before, int | float)
            and not_before - LEEWAY_SECONDS <= now < expires + LEEWAY_SECONDS
        )
        if not holds:
            raise NotSignedIn


def _header(token: str) -> dict[str, Any]:
    first, _, rest = token.partition(".")
    try:
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        raise NotSignedIn from None
    if not isinstance(header, dict) or rest.count(".") != 1:
        raise NotSignedIn
    return header


def _actor(claims: dict[str, Any], now: float) -> Actor:
    roles = claims.get("roles")
    return Actor(
        kind="staff" if claims.get("preferred_username") else "service",
        id=claims["sub"],
        roles=frozenset(role for role in roles if isinstance(role, str))
        if isinstance(roles, list)
        else frozenset(),
        name=_text(claims.get("name")),
        username=_text(claims.get("preferred_username")),
        proved_at=_proved_at(claims.get("auth_time"), now),
    )


def _proved_at(said: object, now: float) -> datetime | None:
    """When the issuer saw the person prove who they are (OIDC Core §2); unknown in time to come."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return datetime.fromtimestamp(said, UTC) if 0 < said <= now + LEEWAY_SECONDS else None


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def bearer_of(request: Request) -> str | None:
    """The token in the Authorization header, None without the header.

    Raises:
        NotSignedIn: the header is there and is not `Bearer <token>`.
    """
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    return token.strip()


async def maybe_signed_in(request: Request) -> Actor:
    """ANYBODY without a token; with one, it must hold."""
    known: Actor | None = getattr(request.state, "actor", None)
    if known is not None:
        return known
    token = bearer_of(request)
    if token is None:
        request.state.actor = ANYBODY
        return ANYBODY
    verifier: TokenVerifier = request.app.state.verifier
    found = await verifier.sign_in(token)
    request.state.actor, request.state.signed_in_until = found.actor, found.until
    return found.actor


async def signed_in(request: Request) -> Actor:
    """The signed-in person or service, else 401."""
    actor = await maybe_signed_in(request)
    if actor is ANYBODY:
        raise NotSignedIn
    return actor
