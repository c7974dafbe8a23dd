"""Every POST of every service that creates or sends may carry an Idempotency-Key (DESIGN §8).

How a key behaves (one effect, one answer, 422 for another body) is one piece of code, proven in
`tests/integration/web/test_idempotency.py`; here is proven that nobody has forgotten to ask for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib import import_module

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from shared.contracts.catalogue import SERVICES
from shared.web.idempotency import asked_once
from shared.web.route_table import KnownRoute, RouteTable
from tests.support.world import KEY
from tests.unit.shared.issuer import Issuer, an_issuer

NOBODY = "127.0.0.1:1"
EXCEPT = {
    "/v1/season-imports": "a row is recognised by what it says; the same file changes nothing",
    "/v1/request-imports": "an exact duplicate is recognised by its keyed fingerprint",
    "/v1/callbacks/46elks/{secret}/delivery": "a provider repeats without keys; ids decide",
    "/v1/callbacks/46elks/{secret}/incoming": "a provider repeats without keys; ids decide",
    "/v1/key-rotation/steps": "what is wrapped anew is not wrapped again",
    "/v1/identity-searches": "a search changes nothing; what is looked for goes in the body",
    "/v1/previews": "it is shown and not kept",
    "/v1/publications/{publication}/previews": "it is shown and not kept",
    "/v1/images": "the same picture is the same id",
    "/v1/segment-counts": "it counts and changes nothing",
    "/v1/subscriber-searches": "a search changes nothing; the address goes in the body",
    "/v1/subscriber-imports": "every address is known again; the same file changes nothing",
    "/v1/my-opt-in/confirmation": "who has confirmed has confirmed",
    "/v1/my-place/leaving": "who has left has left; mail programs send no key (RFC 8058)",
    "/v1/my-preferences/forgetting": "who is forgotten is forgotten",
}
"""POSTs that take no key, and what keeps their effect single."""
BEHIND_A_LINK = {
    "/v1/my-booking/cancellation",
    "/v1/my-booking/move",
    "/v1/my-booking/offer/acceptance",
    "/v1/my-booking/offer/refusal",
    "/v1/my-print-order/cancellation",
    "/v1/partner/bulletins",
    "/v1/partner/keys",
    "/v1/partner/webhooks",
    "/v1/partner/webhooks/{webhook_id}/secrets",
    "/v1/partner/bulletins/{bulletin_id}/withdrawal",
    "/v1/partner/webhooks/{webhook_id}/activation",
    "/v1/partner/webhooks/{webhook_id}/deactivation",
    "/v1/partner/webhooks/{webhook_id}/pings",
    "/v1/partner/webhooks/{webhook_id}/resends",
    "/v1/partner/webhooks/{webhook_id}/replays",
}
"""Whose link, or key, it is must be looked up first, and here is no database."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as made:
        yield made


@cache
def app_of(service: str, issuer: str) -> FastAPI:
    """The whole app, its servers being nowhere: what is asked here is decided before they are."""
    settings = import_module(f"services.{service}.settings").HttpSettings
    wanted = {name for name, about in settings.model_fields.items() if about.is_required()}
    told = {
        **{name: f"mongodb://{NOBODY}/{service}" for name in wanted if name.endswith("_url")},
        **{name: KEY for name in wanted if name.endswith("_key")},
        **{name: 1 for name in wanted if name.endswith("_port")},
        **dict.fromkeys(wanted & {"front_door", "elks_url"}, f"http://{NOBODY}"),
        "profile": "local",
        "issuer": issuer,
        "audience": service,
    }
    own = settings.model_validate({**dict.fromkeys(wanted, "x" * 40), **told})
    house = import_module(f"services.{service}.main").house_of(own)
    made: FastAPI = import_module(f"services.{service}.api.app").make_http(own, house)
    return made


def posts(app: FastAPI) -> Iterator[KnownRoute]:
    return (route for route in RouteTable(app).routes if "POST" in route.methods)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_post_takes_a_key(service: str, issuer: Issuer) -> None:
    """In its code and in its description; those that do not are named, with the reason."""
    app = app_of(service, issuer.url)
    described = app.openapi()["paths"]
    for route in posts(app):
        takes = asked_once in route.declared
        said = {each["name"] for each in described[route.path]["post"].get("parameters", ())}
        assert takes == ("Idempotency-Key" in said), route.path
        assert takes != (route.path in EXCEPT), route.path


@pytest.mark.parametrize("service", SERVICES)
async def test_a_key_that_is_none_is_refused_everywhere(service: str, issuer: Issuer) -> None:
    """An empty, too long or unreadable key is a 400 of its own kind, not a request without key."""
    app = app_of(service, issuer.url)
    roles = sorted(set().union(*app.state.permissions.values()))
    right = {
        "Authorization": f"Bearer {issuer.token(aud=service, roles=roles)}",
        "If-Match": '"1"',
        "Link-Secret": "s" * 43,
    }
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        for path in {route.path for route in posts(app)} - EXCEPT.keys() - BEHIND_A_LINK:
            for key in ("", "x" * 201, "två ord"):
                headers = {**right, "Idempotency-Key": key.encode()}
                answer = await client.post(path, headers=headers, json={})
                kind = str(answer.json()["type"]).rpartition("/")[2]
                assert (answer.status_code, kind) == (400, "idempotency-key-invalid"), path


async def test_no_exception_is_left_over(issuer: Issuer) -> None:
    """What is excepted exists."""
    known = {route.path for service in SERVICES for route in posts(app_of(service, issuer.url))}
    assert EXCEPT.keys() <= known
