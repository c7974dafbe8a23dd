"""What comes back from signing in is believed only when everything about it holds."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from pydantic import SecretStr

from services.web.settings import Settings
from services.web.staff.freshness import is_fresh
from services.web.staff.openid import OpenId, SignInAway, SignInFailed
from services.web.storage.sign_ins import Begun
from shared.kernel.clock import real_now
from shared.web.signed_in import TokenVerifier
from shared.web.signing_keys import SigningKeys

ISSUER = "https://login.example/realms/safespace"
KEY = ECKey.generate_key("P-256", {"kid": "ours", "use": "sig", "alg": "ES256"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ours", "use": "sig", "alg": "ES256"})
BEGUN = Begun("cookie", "state", "the-nonce", "verifier", "/console")
SECRET = SecretStr(base64.b64encode(bytes(32)).decode())


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(real_now().timestamp())
    said = {
        "iss": ISSUER,
        "aud": "web",
        "sub": "somebody",
        "name": "Amina Lund",
        "preferred_username": "amina.lund",
        "roles": ["coordinator"],
        "exp": now + 300,
        "iat": now,
        "nonce": "the-nonce",
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def _signed(
    claims: Mapping[str, Any], key: Any = KEY, kind: str = "JWT", alg: str = "ES256"
) -> str:
    return jwt.encode({"alg": alg, "typ": kind, "kid": "ours"}, dict(claims), key, algorithms=[alg])


def _unsigned(claims: Mapping[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT", "kid": "ours"}, claims)
    packed = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    return ".".join((*packed, ""))


def _openid(given: Mapping[str, Any], *, status: int = 200, issuer: str = ISSUER) -> OpenId:
    """A client of a provider that answers so."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("openid-configuration"):
            at = {"token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/jwks"}
            return httpx.Response(200, json={"issuer": issuer, **at})
        if path.endswith("/jwks"):
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        return httpx.Response(status, json=given)

    settings = Settings(
        http_port=1,
        metrics_port=2,
        issuer=ISSUER,
        audience="web",
        front_door="https://www.example",
        mongodb_url=SECRET,
        session_key=SECRET,
        client_secret=SECRET,
        callback_secret=SECRET,
        booking_url="http://booking",
        notifications_url="http://notifications",
    )
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    keys = SigningKeys(ISSUER, http=client)
    return OpenId(client, settings, TokenVerifier(ISSUER, "web", keys=keys))


def _given(id_token: str, access: str | None = None) -> dict[str, Any]:
    token = access or _signed(_claims(nonce=None), kind="at+jwt")
    return {"access_token": token, "refresh_token": "r", "id_token": id_token, "expires_in": 300}


async def test_what_holds_is_believed() -> None:
    """The measure itself works: a true answer signs somebody in, with their roles."""
    person, tokens = await _openid(_given(_signed(_claims()))).come_back(BEGUN, "code", ISSUER)
    assert (person.username, person.roles) == ("amina.lund", frozenset({"coordinator"}))
    assert tokens.until > real_now()


def _auth_time(ago: int) -> dict[str, Any]:
    return _given(_signed(_claims(auth_time=int(real_now().timestamp()) - ago)))


async def test_when_somebody_proved_who_they_are_is_the_providers_to_say() -> None:
    """It is read from the id token; what is not said is not known, and nothing lies ahead."""
    _, tokens = await _openid(_auth_time(3600)).come_back(BEGUN, "code", ISSUER)
    assert tokens.proved_at is not None
    assert not is_fresh(tokens.proved_at)
    _, ahead = await _openid(_auth_time(-3600)).come_back(BEGUN, "code", ISSUER)
    assert ahead.proved_at is not None
    assert ahead.proved_at <= real_now()
    _, unsaid = await _openid(_given(_signed(_claims()))).come_back(BEGUN, "code", ISSUER)
    assert unsaid.proved_at is None


@pytest.mark.parametrize("given", [_auth_time(3600), _given(_signed(_claims()))], ids=["old", "?"])
async def test_a_fresh_sign_in_needs_a_fresh_proof(given: dict[str, Any]) -> None:
    """A provider that remembers somebody from before, or does not say, lets nobody in afresh."""
    with pytest.raises(SignInFailed):
        await _openid(given).come_back(replace(BEGUN, fresh=True), "code", ISSUER)
    fresh = await _openid(_auth_time(5)).come_back(replace(BEGUN, fresh=True), "code", ISSUER)
    assert is_fresh(fresh[1].proved_at)


@pytest.mark.parametrize(
    "id_token",
    [
        _signed(_claims(nonce="another")),
        _signed(_claims(nonce=None)),
        _signed(_claims(aud="booking")),
        _signed(_claims(aud=["web", "booking"])),
        _signed(_claims(iss="https://evil.example")),
        _signed(_claims(sub="somebody-else")),
        _signed(_claims(azp="another-client")),
        _signed(_claims(exp=int(real_now().timestamp()) - 60)),
        _signed(_claims(), key=STRANGER),
        _signed(_claims(), key=OctKey.import_key(b"x" * 32), alg="HS256"),
        _unsigned(_claims()),
        "",
        "a.b.c",
    ],
    ids=[
        "another nonce",
        "no nonce",
        "an API's",
        "two audiences",
        "another issuer",
        "somebody else",
        "made for another client",
        "over",
        "signed by a stranger",
        "a shared secret",
        "unsigned",
        "none",
        "rubbish",
    ],
)
async def test_an_id_token_that_does_not_hold_signs_nobody_in(id_token: str) -> None:
    """Every one of these would be somebody else's word for who is there."""
    with pytest.raises(SignInFailed):
        await _openid(_given(id_token)).come_back(BEGUN, "code", ISSUER)


async def test_an_access_token_for_somebody_else_is_refused() -> None:
    """Web's own token names web and a person; an API's or a machine's is not taken."""
    for wrong in (_claims(aud="booking"), _claims(preferred_username=None)):
        access = _signed({**wrong, "nonce": ""}, kind="at+jwt")
        with pytest.raises(SignInFailed):
            await _openid(_given(_signed(_claims()), access)).come_back(BEGUN, "code", "")


async def test_another_issuers_description_is_not_followed() -> None:
    """A discovery document that names somebody else leads nowhere."""
    openid = _openid(_given(_signed(_claims())), issuer="https://evil.example")
    with pytest.raises(SignInAway):
        await openid.come_back(BEGUN, "code", ISSUER)


async def test_no_and_away_are_told_apart() -> None:
    """A refusal is final; a provider that is broken may be asked again."""
    with pytest.raises(SignInFailed):
        await _openid({"error": "invalid_grant"}, status=400).come_back(BEGUN, "code", ISSUER)
    with pytest.raises(SignInAway):
        await _openid({}, status=502).come_back(BEGUN, "code", ISSUER)
