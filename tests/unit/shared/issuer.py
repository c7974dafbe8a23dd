"""A small identity provider: real keys, real HTTP, tokens of every wrong kind."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.web.serving import served


@cache
def _an_rsa_key() -> RSAKey:
    """One for all issuers: making one is slow."""
    return RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})


class Issuer:
    """Serves its discovery document and keys, and counts how often the keys were asked for."""

    def __init__(self) -> None:
        self.rsa = _an_rsa_key()
        self.ec = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
        self.published: list[Key] = [self.rsa, self.ec]
        self.asked_for_keys = 0
        self.answers = True
        self.url = ""
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/keys", self._keys),
            ]
        )

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.url,
            "aud": "booking",
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "roles": ["coordinator"],
            "preferred_username": "leyla.sjo",
            "name": "Leyla Sjö",
            "auth_time": now,
            **other,
        }

    def token(
        self, key: Key | None = None, header: Mapping[str, Any] | None = None, **claims: Any
    ) -> str:
        key = key or self.ec
        algorithm = "RS256" if key.key_type == "RSA" else "ES256"
        head = {"alg": algorithm, "kid": key.kid, **(header or {})}
        return jwt.encode(head, self.claims(**claims), key, algorithms=[head["alg"]])

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: Request) -> Response:
        self.asked_for_keys += 1
        if not self.answers:
            return Response(status_code=503)
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.published]})


@asynccontextmanager
async def an_issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    async with served(issuer.app) as url:
        issuer.url = url
        yield issuer
