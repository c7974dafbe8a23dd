"""The key that tokens are signed with (ES256), kept in the folder so that a restart keeps them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeyParameters
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from shared.kernel.clock import real_now
from shared.kernel.ids import new_id

ALGORITHM = "ES256"


class NotOurs(Exception):
    """Not a token of ours, or no longer valid."""


class Signer:
    """Signs and reads back."""

    def __init__(self, folder: Path, issuer: str) -> None:
        self._issuer = issuer
        self._key = _kept_key(folder)

    def public_keys(self) -> dict[str, Any]:
        """The key set to check our tokens with (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def sign(self, claims: dict[str, Any], *, kind: str, seconds: int) -> str:
        """A token that is valid from now on, for so long. `kind`: `at+jwt` (RFC 9068) or `JWT`."""
        now = int(real_now().timestamp())
        times = {"iat": now, "nbf": now, "exp": now + seconds, "jti": new_id()}
        header = {"alg": ALGORITHM, "typ": kind, "kid": self._key.kid}
        return jwt.encode(header, {"iss": self._issuer, **claims, **times}, self._key)

    def read(
        self, token: str, *, audience: str | None = None, kind: str = "at+jwt"
    ) -> dict[str, Any]:
        """The claims of a token of ours, an access token unless said.

        Raises:
            NotOurs: wrong signature, kind, issuer, audience or time.
        """
        wanted: ClaimsOption = {"essential": True}
        if audience:
            wanted["value"] = audience
        rules = JWTClaimsRegistry(
            iss={"essential": True, "value": self._issuer},
            exp={"essential": True},
            aud=wanted,
        )
        try:
            read = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            rules.validate(read.claims)
        except (JoseError, ValueError) as wrong:
            raise NotOurs from wrong
        if read.header.get("typ") != kind:
            raise NotOurs
        return dict(read.claims)


def _kept_key(folder: Path) -> ECKey:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "signing-key.json"
    if not path.exists():
        facts: KeyParameters = {"kid": new_id(), "use": "sig", "alg": ALGORITHM}
        key = ECKey.generate_key("P-256", facts)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(key.as_dict(private=True), file)
    return ECKey.import_key(json.loads(path.read_text()))
