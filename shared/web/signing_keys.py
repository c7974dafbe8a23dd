"""The identity provider's public keys (JWKS, RFC 7517), fetched from the issuer and kept.

An unknown key id makes us look again, but not more often than every ten seconds: a storm of made-up
ids costs the provider one request. Known keys are looked up again every ten minutes, and keep
working for a day while the provider is away.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from shared.web.refusals import TokenKeysUnavailable

FRESH_SECONDS = 600.0
KEPT_SECONDS = 86_400.0
BETWEEN_LOOKS_SECONDS = 10.0
BETWEEN_FAILURES_SECONDS = 1.0
MOST_KEYS = 50

_log = structlog.get_logger()


class SigningKeys:
    """Keys by id. `seconds` is real, monotonic time."""

    def __init__(
        self,
        issuer: str,
        jwks_url: str | None = None,
        *,
        http: httpx.AsyncClient | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._url = jwks_url
        self._http = http
        self._seconds = seconds
        self._keys: dict[str, Key] = {}
        self._fetched_at = float("-inf")
        self._looked_at = float("-inf")
        self._last_look_failed = False
        self._one_at_a_time = asyncio.Lock()
        self._behind: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> Key | None:
        """The key of this id, or None when the issuer has none such.

        Raises:
            TokenKeysUnavailable: nothing usable is known and the issuer does not answer.
        """
        if key_id not in self._keys or self._age() >= KEPT_SECONDS:
            await self._look_again()
        elif self._age() >= FRESH_SECONDS and (self._behind is None or self._behind.done()):
            # Nobody waits for this: the key at hand is good enough meanwhile.
            self._behind = asyncio.create_task(self._look_again())
        if self._age() >= KEPT_SECONDS:
            raise TokenKeysUnavailable
        return self._keys.get(key_id)

    async def _look_again(self) -> None:
        if self._may_look():
            async with self._one_at_a_time:
                if self._may_look():
                    await self._look()

    async def close(self) -> None:
        """Let go of the connection."""
        if self._behind is not None:
            self._behind.cancel()
        if self._http is not None:
            await self._http.aclose()

    def _age(self) -> float:
        return self._seconds() - self._fetched_at

    def _may_look(self) -> bool:
        pause = BETWEEN_FAILURES_SECONDS if self._last_look_failed else BETWEEN_LOOKS_SECONDS
        return self._seconds() - self._looked_at >= pause

    async def _look(self) -> None:
        try:
            fetched = _usable(await self._fetch())
            self._keys = {name: self._same(name, key) for name, key in fetched.items()}
            self._fetched_at, self._last_look_failed = self._seconds(), False
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self._last_look_failed = True
            _log.warning("signing_keys_not_fetched", why=type(error).__name__)
        finally:
            self._looked_at = self._seconds()

    def _same(self, key_id: str, key: Key) -> Key:
        """The object that is known already, if it is the same key."""
        known = self._keys.get(key_id)
        return known if known is not None and known.as_dict() == key.as_dict() else key

    async def _fetch(self) -> list[dict[str, Any]]:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=5.0, trust_env=False)
        if self._url is None:
            found = await self._json(f"{self._issuer}/.well-known/openid-configuration")
            if found["issuer"].rstrip("/") != self._issuer:
                raise ValueError("the discovery document is another issuer's")
            self._url = str(found["jwks_uri"])
        keys = (await self._json(self._url))["keys"]
        return [key for key in keys[:MOST_KEYS] if isinstance(key, dict)]

    async def _json(self, url: str) -> dict[str, Any]:
        if self._http is None:
            raise ValueError("no connection")
        answer = await self._http.get(url, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise TypeError("not a JSON object")
        return found


def _usable(described: list[dict[str, Any]]) -> dict[str, Key]:
    """Public keys for signatures, by id; private parts and shared secrets are not wanted."""
    keys: dict[str, Key] = {}
    for one in described:
        if one.get("kty") not in ("RSA", "EC", "OKP") or one.get("use", "sig") != "sig":
            continue
        if "d" in one or not isinstance(one.get("kid"), str):
            continue
        try:
            keys[one["kid"]] = JWKRegistry.import_key(one)
        except (JoseError, ValueError, TypeError, KeyError):
            _log.warning("signing_key_unreadable")
    return keys
