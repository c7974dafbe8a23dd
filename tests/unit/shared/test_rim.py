"""The rim: who may, how a no looks, versions, pages, languages, streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from shared.kernel.actor import Actor
from shared.privacy.link_secret import hash_of
from shared.web.app import OpenMount, make_app
from shared.web.permissions import (
    RouteWithoutPolicy,
    needs,
    open_to_all,
    policies_of,
    signed_in_only,
)
from shared.web.rate_limit import TokenBuckets
from shared.web.settings import WebSettings
from shared.web.signed_in import TokenVerifier
from tests.unit.shared.issuer import Issuer, an_issuer
from tests.unit.shared.sample_api import PERMISSIONS, client_of, sample_app

SETTINGS = WebSettings(http_port=1, issuer="http://x", audience="booking", front_door="http://f")


@pytest_asyncio.fixture(scope="module")
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as made:
        yield made


@pytest_asyncio.fixture
async def client(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    verifier = TokenVerifier(issuer.url, "booking")
    async with client_of(sample_app(verifier)) as made:
        yield made
    await verifier.keys.close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def app_with(*routers: APIRouter, **other: Any) -> Any:
    return make_app(
        service="booking",
        settings=SETTINGS,
        routers=routers,
        permissions=PERMISSIONS,
        **other,
    )


def router_with(*dependencies: Any) -> APIRouter:
    inner, outer = APIRouter(), APIRouter(prefix="/v1")

    @inner.get("/things", dependencies=list(dependencies))
    async def things() -> dict[str, str]:
        return {}

    outer.include_router(inner)
    return outer


@pytest.mark.parametrize(
    ("dependencies", "why"),
    [
        ((), "declares no policy"),
        ((needs("bookings.read"), open_to_all("both")), "declares 2 policies"),
        ((needs("bookings.burn"),), "no policy knows"),
    ],
)
def test_a_route_without_a_policy_fails_the_build(dependencies: tuple[Any], why: str) -> None:
    """No policy, two, or one that nobody defined: the app is not made at all."""
    with pytest.raises(RouteWithoutPolicy, match=why):
        app_with(router_with(*dependencies))
    assert app_with(router_with(needs("bookings.read"))), "and with one it is"


def test_plain_routes_do_not_slip_by() -> None:
    """A mounted app or a bare Starlette route needs a reason too."""
    router = APIRouter()
    router.add_route("/v1/side-door", lambda _: PlainTextResponse("in"))
    with pytest.raises(RouteWithoutPolicy, match="side-door"):
        app_with(router)
    mount = OpenMount("/static", PlainTextResponse("x"), "style sheets")
    assert app_with(mounts=[mount])


def test_policies_are_data() -> None:
    """Every route can be listed with what it demands, included routers too."""
    listed = {(one.method, one.path): (one.kind, one.detail) for one in policies_of(sample_app())}
    assert listed["GET", "/v1/bookings/{bookingId}"] == ("permission", "bookings.read")
    assert listed["GET", "/v1/my-booking"][0] == "link"
    assert listed["POST", "/v1/bookings"][0] == "open"


async def test_401_403_200(client: httpx.AsyncClient, issuer: Issuer) -> None:
    """No token 401, a token without the role 403, with it the answer; the body is not looked at."""
    refused = await client.get("/v1/bookings/1")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    editor = bearer(issuer.token(roles=["editor"]))
    assert (await client.get("/v1/bookings/1", headers=editor)).status_code == 403
    assert (await client.get("/v1/bookings/x", headers=editor)).status_code == 403
    coordinator = bearer(issuer.token())
    assert (await client.get("/v1/bookings/1", headers=coordinator)).json() == {"by": "leyla.sjo"}
    assert (await client.delete("/v1/bookings/1", headers=coordinator)).status_code == 403


async def test_open_routes_know_staff_and_refuse_bad_tokens(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    """Where anybody may ask, staff are still known; a token that does not hold is never ignored."""
    body = {"party": {"kind": "group", "pupils": 9}, "contact": "Åsa"}
    assert (await client.post("/v1/bookings", json=body)).json()["by"] == "anybody"
    staff = await client.post("/v1/bookings", json=body, headers=bearer(issuer.token()))
    assert staff.json()["by"] == "staff"
    late = bearer(issuer.token(exp=1))
    assert (await client.post("/v1/bookings", json=body, headers=late)).status_code == 401


async def test_a_link_opens_by_its_hash(client: httpx.AsyncClient) -> None:
    """The route gets the hash of the link's secret; what cannot be a secret is a 401."""
    secret = "Ab_-" * 10 + "xyz"
    answer = await client.get("/v1/my-booking", headers={"Link-Secret": secret})
    assert answer.json() == {"hash": hash_of(secret)}
    for wrong in ({}, {"Link-Secret": "short"}, {"Link-Secret": secret + "x"}):
        assert (await client.get("/v1/my-booking", headers=wrong)).status_code == 401


async def test_signed_in_only_takes_any_role(issuer: Issuer) -> None:
    """A route for whoever is signed in asks for a token and no role."""
    router = APIRouter()

    @router.get("/v1/mine")
    async def mine(by: Annotated[Actor, signed_in_only("own things")]) -> dict[str, str]:
        return {"id": by.id}

    verifier = TokenVerifier(issuer.url, "booking")
    async with client_of(app_with(router, verifier=verifier)) as client:
        assert (await client.get("/v1/mine")).status_code == 401
        token = bearer(issuer.token(roles=[]))
        assert (await client.get("/v1/mine", headers=token)).json() == {"id": "person-1"}
    await verifier.keys.close()


async def test_too_many_strangers_are_slowed(issuer: Issuer) -> None:
    """An address without an account runs out, staff do not, and the bucket fills again."""
    verifier = TokenVerifier(issuer.url, "booking")
    app = sample_app(verifier, anonymous_burst=3, anonymous_per_second=0.001)
    async with client_of(app) as client:
        codes = [(await client.post("/v1/full")).status_code for _ in range(5)]
        assert codes == [409, 409, 409, 429, 429]
        last = await client.post("/v1/full")
        assert last.headers["retry-after"]
        staff = await client.post("/v1/full", headers=bearer(issuer.token()))
        assert staff.status_code == 409
    await verifier.keys.close()


def test_buckets_fill_again() -> None:
    """After the burst, so many a second; each address for itself."""
    now = [0.0]
    buckets = TokenBuckets(2, 1.0, seconds=lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    assert buckets.take("b")
    now[0] = 1.5
    assert [buckets.take("a") for _ in range(2)] == [True, False]


async def test_a_refusal_in_two_languages(client: httpx.AsyncClient) -> None:
    """A refusal has a stable type, our facts, and a sentence in the asker's language."""
    swedish = (await client.post("/v1/full")).json()
    english = await client.post("/v1/full", headers={"Accept-Language": "en-GB, sv;q=0.5"})
    assert swedish["type"].endswith("/problems/occasion-full")
    assert swedish["status"] == 409
    assert swedish["detail"] == "Tillfället är fullt. Det finns 3 platser kvar."
    assert english.json()["detail"] == "The occasion is full. 3 places are left."
    assert english.headers["content-language"] == "en"
    assert swedish["facts"] == {"left": 3}
    assert swedish["instance"] != english.json()["instance"]


async def test_every_dead_end_is_a_problem(client: httpx.AsyncClient) -> None:
    """Unknown addresses, wrong methods and our own failures are problem+json as well."""
    cases = [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/bookings/", 404),
        ("PUT", "/v1/bookings", 405),
        ("OPTIONS", "/v1/bookings", 405),
        ("TRACE", "/v1/bookings", 405),
        ("BREW", "/v1/bookings", 405),
        ("GET", "/v1/broken", 500),
    ]
    for method, path, status in cases:
        answer = await client.request(method, path)
        assert answer.status_code == status, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if status == 405:
            assert answer.headers["allow"] == "GET, HEAD, POST"


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    """HEAD gives the headers of GET, for answers and for refusals."""
    for path in ("/v1/api-info", "/nowhere"):
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
        assert got.content


async def test_changes_name_their_version(client: httpx.AsyncClient) -> None:
    """Without If-Match 428; with a weak, foreign or broken one 412; with ours it goes through."""
    assert (await client.patch("/v1/bookings/1")).status_code == 428
    for wrong in ("*", 'W/"3"', "3", '"x"', '"1", "2"', '""', '"-1"'):
        refused = await client.patch("/v1/bookings/1", headers={"If-Match": wrong})
        assert refused.status_code == 412, wrong
    taken = await client.patch("/v1/bookings/1", headers={"If-Match": '"3"'})
    assert taken.json() == {"version": 3, "etag": '"4"'}


async def test_pages_have_bounds(client: httpx.AsyncClient, issuer: Issuer) -> None:
    """20 unless asked, at most 100, never before the beginning."""
    staff = bearer(issuer.token())
    page = (await client.get("/v1/bookings", headers=staff)).json()
    assert page == {"items": [1, 2], "total": 2, "limit": 20, "offset": 0}
    for wrong in ("limit=0", "limit=101", "limit=x", "offset=-1", "offset=99999999999"):
        assert (await client.get(f"/v1/bookings?{wrong}", headers=staff)).status_code == 422


async def test_health_tells_the_truth() -> None:
    """Ready is 200 only while every check holds; a check that breaks does not hold."""
    state: dict[str, bool | None] = {"mongodb": True}

    async def ready() -> dict[str, bool]:
        if state["mongodb"] is None:
            raise RuntimeError
        return {"mongodb": bool(state["mongodb"])}

    async with client_of(app_with(ready=ready)) as client:
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/health/ready")).json() == {
            "ready": True,
            "checks": {"mongodb": True},
        }
        for broken in (False, None):
            state["mongodb"] = broken
            assert (await client.get("/health/ready")).status_code == 503
        assert "safespace_http_requests_total" in (await client.get("/metrics")).text
