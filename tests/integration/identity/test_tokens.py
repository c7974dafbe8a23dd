"""The local identity provider: real signatures, one audience a token, exchange by web only."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import KeySet
from pydantic import SecretStr, ValidationError

from deploy.local.identity.server import make_app as make_provider
from deploy.local.identity.settings import Settings
from deploy.local.identity.tokens import DEMO, EXCHANGE
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.web.app import make_app
from shared.web.permissions import signed_in_only
from shared.web.serving import served
from shared.web.settings import WebSettings
from tests.support.ports import free_port

SECRET = "webbens hemlighet"
BACK = "http://127.0.0.1:8000/inloggad"


@dataclass
class Provider:
    """A running provider and a client of it."""

    client: httpx.AsyncClient
    url: str

    async def ask(self, *, web: bool = False, **form: str) -> httpx.Response:
        auth = ("web", SECRET) if web else None
        return await self.client.post("/token", data=form, auth=auth)

    async def demo(self, who: str, audience: str) -> str:
        answer = await self.ask(grant_type=DEMO, username=who, audience=audience)
        return str(answer.raise_for_status().json()["access_token"])

    async def exchange(self, token: str, audience: str, *, web: bool = True) -> httpx.Response:
        return await self.ask(web=web, grant_type=EXCHANGE, subject_token=token, audience=audience)

    async def claims(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set((await self.client.get("/jwks")).json())
        return dict(jwt.decode(token, keys, algorithms=["ES256"]).claims)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provider(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Provider]:
    port = free_port()
    settings = Settings(
        http_port=port,
        identity_folder=tmp_path_factory.mktemp("identity"),
        web_client_secret=SecretStr(SECRET),
    )
    async with (
        served(make_provider(settings), port=port) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as client,
    ):
        yield Provider(client, url)


async def test_a_token_says_who_and_for_whom(provider: Provider) -> None:
    """A demo token names the person, their role, exactly one audience, and lasts 15 minutes."""
    claims = await provider.claims(await provider.demo("leyla.sjo", "booking"))
    assert claims["iss"] == provider.url
    assert claims["aud"] == "booking"
    assert (claims["preferred_username"], claims["name"]) == ("leyla.sjo", "Leyla Sjö")
    assert claims["roles"] == ["facilitator"]
    assert claims["exp"] - claims["iat"] == 15 * 60


async def test_a_role_stands_for_its_person(provider: Provider) -> None:
    """`--as coordinator` is Amina; the same person always has the same id."""
    by_role = await provider.claims(await provider.demo("coordinator", "booking"))
    by_name = await provider.claims(await provider.demo("amina.lund", "notifications"))
    assert by_role["sub"] == by_name["sub"]


@pytest.mark.parametrize("audience", ["", "booking notifications", "nobody"])
async def test_one_known_audience(provider: Provider, audience: str) -> None:
    """No audience, two, or an unknown one is refused."""
    answer = await provider.ask(grant_type=DEMO, username="coordinator", audience=audience)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_target")


async def test_exchange_gives_one_other_audience(provider: Provider) -> None:
    """Web turns a token made for it into one for a service: same person, that service only."""
    mine = await provider.demo("coordinator", "web")
    answer = (await provider.exchange(mine, "notifications")).raise_for_status().json()
    before, after = await provider.claims(mine), await provider.claims(answer["access_token"])
    assert (after["aud"], after["act"]) == ("notifications", {"sub": "web"})
    assert (after["sub"], after["roles"]) == (before["sub"], before["roles"])


async def test_a_services_token_cannot_be_exchanged(provider: Provider) -> None:
    """Booking's token opens nothing else, not even through web; nor can anybody but web try."""
    bookings = await provider.demo("coordinator", "booking")
    mine = await provider.demo("coordinator", "web")
    assert (await provider.exchange(bookings, "notifications")).json()["error"] == "invalid_grant"
    assert (await provider.exchange(mine[:-4] + "AAAA", "booking")).status_code == 400
    refused = await provider.exchange(mine, "notifications", web=False)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


async def test_bookings_token_is_refused_elsewhere(provider: Provider) -> None:
    """A service takes tokens for itself and answers 401 to another service's."""
    desk = APIRouter()

    @desk.get("/v1/me")
    async def me(actor: Annotated[Actor, signed_in_only("who one is")]) -> dict[str, str]:
        """Who asks."""
        return {"username": actor.username}

    settings = WebSettings(
        http_port=1, issuer=provider.url, audience="notifications", front_door=provider.url
    )
    app = make_app(service="notifications", settings=settings, routers=[desk])
    seen = {}
    async with served(app) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        for audience in ("booking", "notifications"):
            token = await provider.demo("rut.drift", audience)
            answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
            seen[audience] = answer.status_code
    assert seen == {"booking": 401, "notifications": 200}


async def test_services_sign_in_by_themselves(provider: Provider) -> None:
    """Web gets a token of its own with its secret, without anybody's roles; a wrong one fails."""
    answer = await provider.ask(web=True, grant_type="client_credentials", audience="booking")
    claims = await provider.claims(answer.json()["access_token"])
    assert (claims["sub"], claims["roles"]) == ("client:web", [])
    wrong = {"client_id": "web", "client_secret": "gissat"}
    refused = await provider.ask(grant_type="client_credentials", audience="booking", **wrong)
    assert refused.status_code == 401


def _asked(verifier: str) -> dict[str, str]:
    digest = hashlib.sha256(verifier.encode()).digest()
    return {
        "client_id": "web",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "state": "läge",
        "nonce": "n-1",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


async def test_signing_in_with_a_page(provider: Provider) -> None:
    """Choosing a person gives a code; code and verifier give tokens, once."""
    asked = _asked("ett långt ord")
    page = await provider.client.get("/authorize", params=asked)
    assert "Amina Lund" in page.text
    chosen = await provider.client.post("/authorize", data=asked | {"person": "amina.lund"})
    back = parse_qs(urlsplit(chosen.headers["location"]).query)
    assert back["state"] == ["läge"]
    used = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "redirect_uri": BACK,
        "code_verifier": "ett långt ord",
    }
    answer = (await provider.ask(web=True, **used)).raise_for_status().json()
    identity = await provider.claims(answer["id_token"])
    assert (identity["aud"], identity["nonce"]) == ("web", "n-1")
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    told = await provider.client.get("/userinfo", headers=bearer)
    assert told.json()["preferred_username"] == "amina.lund"
    assert (await provider.ask(web=True, **used)).json()["error"] == "invalid_grant"


async def test_when_somebody_proved_who_they_are_stays_with_their_tokens(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exchanged and renewed an hour later, they tell the hour of the sign-in, and no other."""
    asked = _asked("ord")
    chosen = await provider.client.post("/authorize", data=asked | {"person": "karin.holm"})
    code = parse_qs(urlsplit(chosen.headers["location"]).query)["code"][0]
    form = {"code": code, "redirect_uri": BACK, "code_verifier": "ord"}
    given = (await provider.ask(web=True, grant_type="authorization_code", **form)).json()
    proved = (await provider.claims(given["id_token"]))["auth_time"]
    later = real_now() + timedelta(hours=1)
    monkeypatch.setattr("deploy.local.identity.tokens.real_now", lambda: later)
    renew = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    renewed = (await provider.ask(web=True, **renew)).json()
    twice = {**renew, "refresh_token": renewed["refresh_token"]}
    for web in (given, renewed, (await provider.ask(web=True, **twice)).json()):
        exchanged = (await provider.exchange(web["access_token"], "mentoring")).json()
        assert (await provider.claims(exchanged["access_token"]))["auth_time"] == proved


async def test_a_token_of_the_command_line_is_newly_proved(provider: Provider) -> None:
    """`safespace token --as …` is a sign-in of its own."""
    claims = await provider.claims(await provider.demo("karin.holm", "mentoring"))
    assert abs(claims["auth_time"] - claims["iat"]) <= 1


async def test_a_stolen_code_is_of_no_use(provider: Provider) -> None:
    """Without the verifier a code gives nothing, and is used up."""
    asked = _asked("rätt")
    chosen = await provider.client.post("/authorize", data=asked | {"person": "amina.lund"})
    code = parse_qs(urlsplit(chosen.headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    for verifier in ("fel", "rätt"):
        assert (await provider.ask(web=True, code_verifier=verifier, **form)).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://evil.example/"},
        {"client_id": "okänd"},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ],
)
async def test_odd_ways_in_are_refused(provider: Provider, wrong: dict[str, str]) -> None:
    """Another client, a way back off this machine, or no PKCE: no page and no code."""
    answer = await provider.client.get("/authorize", params=_asked("x") | wrong)
    assert answer.status_code == 400


async def test_discovery_leads_everywhere(provider: Provider) -> None:
    """Discovery names addresses that answer."""
    found = (await provider.client.get("/.well-known/openid-configuration")).json()
    assert found["issuer"] == provider.url
    assert (await provider.client.get(found["jwks_uri"])).is_success
    ended = await provider.client.get(found["end_session_endpoint"])
    assert "utloggad" in ended.text


def test_it_is_for_the_local_copy_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In any other profile the provider does not start."""
    monkeypatch.setenv("SAFESPACE_PROFILE", "production")
    with pytest.raises(ValidationError):
        Settings(http_port=1, identity_folder=tmp_path)
