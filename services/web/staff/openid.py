"""OpenID Connect, as a client: the code flow with PKCE, fresh tokens, and tokens for one API each.

OpenID Connect Core 1.0, RFC 7636 (PKCE), RFC 9207 (`iss` in the answer), RFC 8693 (exchange),
RFC 7009 (revocation). Tokens are checked as the APIs check theirs (`shared.web.signed_in`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from services.web.settings import Settings
from services.web.staff.freshness import is_fresh
from services.web.storage.sign_ins import Begun
from services.web.storage.staff_sessions import LONGEST, Person, Tokens
from shared.kernel.clock import real_now
from shared.kernel.refusal import Refusal
from shared.web.refusals import NotSignedIn
from shared.web.signed_in import ALGORITHMS, TokenVerifier

FRESH_SECONDS = 600.0
CAME_BACK = "/console/signed-in"
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
_PATIENCE = httpx.Timeout(10.0, connect=3.0)
_log = structlog.get_logger("sign-in")


class SignInAway(Refusal):
    """The identity provider does not answer."""

    kind = "sign-in-away"
    sv = "Inloggningen svarar inte just nu. Försök igen om en stund."
    en = "Sign-in is not answering right now. Try again in a moment."


class SignInFailed(Refusal):
    """It came back with something that does not hold. Which thing is not told."""

    kind = "sign-in-failed"
    sv = "Inloggningen gick inte igenom. Försök en gång till."
    en = "The sign-in did not go through. Try once more."


class OpenId:
    """Speaks with the issuer. What it says of itself is fetched once in ten minutes."""

    def __init__(
        self, client: httpx.AsyncClient, settings: Settings, verifier: TokenVerifier
    ) -> None:
        self._client, self._verifier = client, verifier
        self._issuer = settings.issuer.rstrip("/")
        self._at = (settings.issuer_inside or settings.issuer).rstrip("/")
        self._id, self._secret = settings.audience, settings.client_secret
        self._back_to = settings.origin
        self._registry = JWSRegistry(algorithms=list(ALGORITHMS))
        self._about: Mapping[str, Any] = {}
        self._looked_at = float("-inf")

    async def way_in(self, begun: Begun) -> str:
        """Where the browser goes to sign in. Raises SignInAway."""
        about = await self._discovered()
        challenge = hashlib.sha256(begun.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._id,
            "redirect_uri": self._back_to + CAME_BACK,
            "scope": "openid",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            # With it the provider says when the person proved who they are (OIDC Core §3.1.2.1).
            "max_age": "0" if begun.fresh else str(int(LONGEST.total_seconds())),
            **({"prompt": "login"} if begun.fresh else {}),
        }
        return f"{about['authorization_endpoint']}?{urlencode(asked)}"

    async def come_back(self, begun: Begun, code: str, issuer: str) -> tuple[Person, Tokens]:
        """Who signed in. Raises SignInFailed, SignInAway.

        Of a fresh sign-in the provider must say that the proof is new: what it remembers from
        before, or keeps to itself, is none.
        """
        if issuer and issuer.rstrip("/") != self._issuer:
            raise SignInFailed
        given = await self._asked(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._back_to + CAME_BACK,
            code_verifier=begun.verifier,
        )
        claims = await self._claims_of(str(given.get("id_token", "")), begun.nonce)
        person, tokens = await self._read(given)
        proved = _proved(claims)
        if person.subject != str(claims["sub"]) or (begun.fresh and not is_fresh(proved)):
            raise SignInFailed
        return person, replace(tokens, proved_at=proved)

    async def renewed(self, tokens: Tokens) -> tuple[Person, Tokens]:
        """Fresh tokens, and the roles as they are now. Raises SignInFailed, SignInAway."""
        return await self._read(
            await self._asked(grant_type="refresh_token", refresh_token=tokens.refresh)
        )

    async def for_api(self, tokens: Tokens, api: str) -> tuple[str, datetime]:
        """A token for one API alone, and when it ends. Raises SignInFailed, SignInAway."""
        given = await self._asked(
            grant_type=_EXCHANGE,
            subject_token=tokens.access,
            subject_token_type=_ACCESS_TOKEN,
            requested_token_type=_ACCESS_TOKEN,
            audience=api,
            scope=api,
        )
        return str(given["access_token"]), _until(given)

    async def way_out(self, back: str) -> str:
        """Where the browser goes to sign out there too. No token is in the address."""
        about = await self._discovered()
        asked = {"client_id": self._id, "post_logout_redirect_uri": self._back_to + back}
        return f"{about['end_session_endpoint']}?{urlencode(asked)}"

    async def revoke(self, tokens: Tokens) -> None:
        """The provider forgets them; if it cannot be asked, they end by themselves soon."""
        try:
            at = str((await self._discovered())["revocation_endpoint"])
            form = {"token": tokens.refresh, "token_type_hint": "refresh_token"}
            await self._client.post(at, data=form, auth=self._proof(), timeout=_PATIENCE)
        except (SignInAway, KeyError, httpx.HTTPError):
            _log.warning("tokens_not_revoked")

    async def _read(self, given: Mapping[str, Any]) -> tuple[Person, Tokens]:
        access = str(given.get("access_token", ""))
        try:
            actor = await self._verifier.verify(access)
        except NotSignedIn as wrong:
            raise SignInFailed from wrong
        if actor.kind != "staff":
            raise SignInFailed
        person = Person(actor.id, actor.username, actor.name or actor.username, actor.roles)
        return person, Tokens(access, str(given.get("refresh_token", "")), _until(given))

    async def _claims_of(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        """What the id token says, after everything about it was checked. Raises SignInFailed."""
        try:
            await self._verifier.verify(id_token)
            key = await self._verifier.keys.find(_key_id(id_token))
            if key is None:
                raise SignInFailed
            claims: Mapping[str, Any] = jwt.decode(id_token, key, registry=self._registry).claims
        except (NotSignedIn, JoseError, ValueError, TypeError) as wrong:
            raise SignInFailed from wrong
        said = str(claims.get("nonce", ""))
        ours = claims.get("azp", self._id) == self._id
        if not ours or not secrets.compare_digest(said.encode(), nonce.encode()):
            raise SignInFailed
        return claims

    async def _asked(self, **form: str) -> Mapping[str, Any]:
        at = str((await self._discovered())["token_endpoint"])
        try:
            answer = await self._client.post(at, data=form, auth=self._proof(), timeout=_PATIENCE)
            if answer.status_code >= 500:
                raise SignInAway
            if answer.is_error:
                _log.info("token_refused", grant=form["grant_type"], status=answer.status_code)
                raise SignInFailed
            given = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SignInAway from error
        if not isinstance(given, dict) or not isinstance(given.get("access_token"), str):
            raise SignInFailed
        return given

    def _proof(self) -> httpx.BasicAuth:
        return httpx.BasicAuth(self._id, self._secret.get_secret_value())

    async def _discovered(self) -> Mapping[str, Any]:
        if time.monotonic() - self._looked_at < FRESH_SECONDS:
            return self._about
        try:
            found = await self._fetched()
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            if self._about:
                return self._about
            raise SignInAway from error
        self._about, self._looked_at = found, time.monotonic()
        return self._about

    async def _fetched(self) -> Mapping[str, Any]:
        at = f"{self._at}/.well-known/openid-configuration"
        answer = await self._client.get(at, timeout=_PATIENCE)
        answer.raise_for_status()
        found: Mapping[str, Any] = answer.json()
        if found["issuer"].rstrip("/") != self._issuer:
            raise ValueError("the discovery document is another issuer's")
        return found


def _proved(claims: Mapping[str, Any]) -> datetime | None:
    """When the person proved who they are, as the provider says it; never in time to come."""
    at = claims.get("auth_time")
    if isinstance(at, bool) or not isinstance(at, int | float):
        return None
    return min(datetime.fromtimestamp(at, UTC), real_now())


def _until(given: Mapping[str, Any]) -> datetime:
    seconds = given.get("expires_in")
    lasts = float(seconds) if isinstance(seconds, int | float) else 60.0
    return datetime.fromtimestamp(real_now().timestamp() + lasts, UTC)


def _key_id(token: str) -> str:
    return str(_header(token).get("kid", ""))


def _header(token: str) -> Mapping[str, Any]:
    first = token.partition(".")[0]
    found = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    return found if isinstance(found, dict) else {}
