"""An API with one route of every sort, to try the rim on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import httpx
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal
from shared.web.app import make_app
from shared.web.body_guard import MIB, big_body
from shared.web.etags import IfMatch, etag
from shared.web.forms import FormFields
from shared.web.idempotency import AskedOnce
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import link_holder, needs, open_to_all
from shared.web.server_sent import LastEventId, Sent, stream
from shared.web.settings import WebSettings
from shared.web.signed_in import TokenVerifier


class OccasionFull(Refusal):
    kind = "occasion-full"
    sv = "Tillfället är fullt. Det finns {left} platser kvar."
    en = "The occasion is full. {left} places are left."


class Group(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["group"]
    pupils: int = Field(ge=1, le=60)


class Individual(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["individual"]
    age_band: Literal["13-15", "16-18"]


class NewBooking(BaseModel):
    model_config = ConfigDict(extra="forbid")
    party: Annotated[Group | Individual, Field(discriminator="kind")]
    contact: str = Field(max_length=40)
    tags: dict[str, int] = {}

    @field_validator("contact")
    @classmethod
    def not_shouting(cls, value: str) -> str:
        if value.isupper():
            raise ValueError(f"{value} is shouting")
        return value


PERMISSIONS = {"bookings.read": frozenset({"coordinator"}), "bookings.purge": frozenset({"nobody"})}
OPEN = open_to_all("to try the rim")


def routes() -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.post("/bookings", status_code=201)
    async def book(body: NewBooking, by: Annotated[Actor, OPEN], key: AskedOnce) -> dict[str, Any]:
        return {"contact": body.contact, "key": key.id if key else None, "by": by.kind}

    @router.get("/bookings", dependencies=[needs("bookings.read")])
    async def all_of_them(page: Page) -> Listing[int]:
        return listing([1, 2], 2, page)

    @router.get("/bookings/{bookingId}")
    async def one(bookingId: int, by: Annotated[Actor, needs("bookings.read")]) -> dict[str, str]:  # noqa: N803
        return {"by": by.username}

    @router.patch("/bookings/{bookingId}", dependencies=[OPEN])
    async def change(bookingId: int, version: IfMatch) -> dict[str, Any]:  # noqa: N803
        return {"version": version, "etag": etag(version + 1)}

    @router.delete("/bookings/{bookingId}", dependencies=[needs("bookings.purge")])
    async def purge(bookingId: int) -> None:  # noqa: N803
        raise AssertionError("nobody has this role")

    @router.get("/my-booking")
    async def mine(secret_hash: Annotated[str, link_holder]) -> dict[str, str]:
        return {"hash": secret_hash}

    @router.post("/full", dependencies=[OPEN])
    async def full() -> None:
        raise OccasionFull(left=3)

    @router.post("/forms", dependencies=[OPEN])
    async def form(fields: FormFields) -> dict[str, int]:
        return {"fields": len(fields)}

    _odd_ones(router)
    return router


def _odd_ones(router: APIRouter) -> None:
    @router.post("/imports", dependencies=[big_body(2 * MIB), OPEN])
    async def read(request: Request) -> dict[str, int]:
        return {"bytes": sum([len(chunk) async for chunk in request.stream()])}

    @router.get("/broken", dependencies=[OPEN])
    async def broken() -> None:
        raise RuntimeError("anna.svensson@example.com fell over")

    @router.get("/changes", dependencies=[OPEN])
    async def changes(request: Request, seen: LastEventId) -> Any:
        async def coming() -> AsyncIterator[Sent]:
            for number in range(int(seen or 0) + 1, 4):
                yield Sent({"number": number}, id=str(number))

        return stream(request, coming())


def sample_app(verifier: TokenVerifier | None = None, **other: Any) -> Any:
    settings = WebSettings(
        profile="local",
        http_port=1,
        issuer="http://127.0.0.1:9",
        audience="booking",
        front_door="http://127.0.0.1:8000",
        **other,
    )
    return make_app(
        service="booking",
        settings=settings,
        routers=[routes()],
        refusals={OccasionFull: 409},
        permissions=PERMISSIONS,
        verifier=verifier,
    )


def client_of(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://rim"
    )
