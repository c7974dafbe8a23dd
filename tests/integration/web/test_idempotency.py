"""Asking twice has one effect and one answer, on the real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter
from pymongo.errors import DuplicateKeyError
from starlette.responses import Response

from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import Refusal
from shared.mongo.client import Client, Session, connect, database_of
from shared.mongo.transactions import transact
from shared.web import idempotency
from shared.web.idempotency import (
    Answer,
    AskedOnce,
    Idempotency,
    IdempotencyKeyReused,
    RequestKey,
    respond,
)
from shared.web.permissions import open_to_all
from shared.web.refusals import StillInFlight
from tests.integration.web.one_router import app_of, client_of
from tests.support.servers import RealServers


class Full(Refusal):
    kind = "full"


class Shop:
    """A use case with an effect to count: one row per booking."""

    def __init__(self, client: Client, url: str) -> None:
        self.client = client
        self.database = database_of(client, url)
        self.bookings = self.database["idempotency_bookings"]
        self.records = Idempotency(self.database)
        self.recording = True
        self.full = False

    async def book(self, key: RequestKey | None, name: str) -> Answer:
        if self.full:
            raise Full
        booking = new_id()
        answer = Answer.of(201, {"id": booking}, {"Location": f"/v1/bookings/{booking}"})

        async def together(session: Session) -> None:
            await self.bookings.insert_one({"_id": booking, "name": name}, session=session)
            if self.recording:
                await self.records.record(session, key, answer)

        await transact(self.client, together)
        return answer

    async def count(self) -> int:
        return await self.bookings.count_documents({})

    def routes(self) -> APIRouter:
        router = APIRouter()

        @router.post("/v1/bookings", status_code=201)
        async def book(
            body: dict[str, str], by: Annotated[Actor, open_to_all("to try")], key: AskedOnce
        ) -> Response:
            return respond(await self.records.once(key, lambda: self.book(key, body["name"])))

        return router


@pytest_asyncio.fixture
async def shop(servers: RealServers) -> AsyncIterator[Shop]:
    url = servers.mongo_url("booking")
    client = connect(url)
    made = Shop(client, url)
    # Collections are made outside of transactions, as services do at start.
    for name in ("idempotency_bookings", "idempotency"):
        await made.database[name].insert_one({"_id": "first"})
        await made.database[name].delete_many({})
    yield made
    await made.bookings.delete_many({})
    client.close()


@pytest_asyncio.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_of(shop.routes())) as made:
        yield made


async def ask(
    http: httpx.AsyncClient, key: str | None, name: str = "8B", **headers: str
) -> httpx.Response:
    sent = {"Idempotency-Key": key} if key else {}
    return await http.post("/v1/bookings", json={"name": name}, headers={**sent, **headers})


async def test_a_repeat_gets_the_same_answer(http: httpx.AsyncClient, shop: Shop) -> None:
    """The second copy gets status, body and headers of the first, and nothing happens again."""
    first, second = await ask(http, "k-1"), await ask(http, "k-1")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["location"] == second.headers["location"]
    assert await shop.count() == 1
    assert (await ask(http, "k-2")).json() != first.json()
    assert (await ask(http, None)).json() != (await ask(http, None)).json()


async def test_twenty_copies_at_once_have_one_effect(http: httpx.AsyncClient, shop: Shop) -> None:
    """Twenty copies in flight end in one booking; each gets its answer or is told to come back."""
    answers = await asyncio.gather(*(ask(http, "same") for _ in range(20)))
    assert await shop.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    booked = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in booked}) == 1
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert (await ask(http, "same")).content == booked[0].content


async def test_without_the_record_there_would_be_many(http: httpx.AsyncClient, shop: Shop) -> None:
    """The check above is real: with the record left out, copies do have several effects."""
    shop.recording = False
    await asyncio.gather(*(ask(http, "same") for _ in range(20)))
    assert await shop.count() == 20


async def test_the_key_belongs_to_one_request(http: httpx.AsyncClient, shop: Shop) -> None:
    """The same key with another body, query or address is refused; somebody else's is another."""
    await ask(http, "k")
    refused = await ask(http, "k", "9A")
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("idempotency-key-reused")
    queried = await http.post(
        "/v1/bookings?commit=true", json={"name": "8B"}, headers={"Idempotency-Key": "k"}
    )
    assert queried.status_code == 422
    other = await ask(http, "k", "9A", **{"Link-Secret": "s" * 43})
    assert other.status_code == 201
    assert await shop.count() == 2


@pytest.mark.parametrize("wrong", ["with space", "x" * 201, "å", "\x7f"])
async def test_a_key_has_a_shape(http: httpx.AsyncClient, wrong: str) -> None:
    """A key is 1–200 visible ASCII characters."""
    sent = {"Idempotency-Key": wrong.encode()}
    answer = await http.post("/v1/bookings", json={"name": "8B"}, headers=sent)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (
        400,
        "idempotency-key-invalid",
    )


async def test_a_no_is_not_kept(http: httpx.AsyncClient, shop: Shop) -> None:
    """A refusal is not stored: when there is room again, the same key books."""
    shop.full = True
    assert (await ask(http, "k")).status_code == 409
    shop.full = False
    assert (await ask(http, "k")).status_code == 201


async def test_a_copy_that_never_ends(shop: Shop) -> None:
    """A key held by somebody who neither ends nor leaves an answer: three tries, then 409."""
    tries = 0

    async def meets_a_copy() -> Answer:
        nonlocal tries
        tries += 1
        raise DuplicateKeyError("E11000 … booking.idempotency index: _id_ dup key", 11000)

    with pytest.raises(StillInFlight):
        await shop.records.once(RequestKey("held", "f"), meets_a_copy)
    assert tries == idempotency.TRIES


async def test_other_duplicates_are_not_copies(shop: Shop) -> None:
    """A duplicate in another collection is an error of the use case and passes through."""

    async def elsewhere() -> Answer:
        raise DuplicateKeyError("E11000 … booking.occasions index: _id_ dup key", 11000)

    with pytest.raises(DuplicateKeyError):
        await shop.records.once(RequestKey("k", "f"), elsewhere)


async def test_a_group_is_looked_up_in_one_question(shop: Shop) -> None:
    """Known keys give their answers, reused ones their refusal, unknown ones nothing."""
    known, reused, unknown = (RequestKey(name, "f") for name in ("known", "reused", "unknown"))
    answer = Answer.of(201, {"id": "1"})

    async def together(session: Session) -> None:
        await shop.records.record_many(
            session,
            [(known, answer), (reused, answer), (None, answer), (unknown, Answer(409, b""))],
        )

    await transact(shop.client, together)
    found = await shop.records.find_many([known, RequestKey("reused", "other"), unknown])
    assert found["known"] == answer
    assert isinstance(found["reused"], IdempotencyKeyReused)
    assert "unknown" not in found
    assert await shop.records.find_many([]) == {}


async def test_a_group_with_a_copy_is_undone_whole(shop: Shop) -> None:
    """A key that is already there undoes the whole group, and says so."""
    key, answer = RequestKey("k", "f"), Answer.of(201, {})

    async def together(session: Session) -> None:
        await shop.bookings.insert_one({"_id": new_id()}, session=session)
        await shop.records.record_many(
            session, [(RequestKey(new_id(), "f"), answer), (key, answer)]
        )

    await transact(shop.client, together)
    with pytest.raises(Exception, match="E11000") as met:
        await transact(shop.client, together)
    assert shop.records.met_a_copy(met.value)
    assert await shop.count() == 1


async def test_kept_for_a_day(shop: Shop) -> None:
    """An answer is good for 24 hours by real time, and the database drops it after that."""
    await shop.records.make_indexes()
    key = RequestKey("k", "f")
    await shop.book(key, "8B")
    row: dict[str, Any] | None = await shop.database["idempotency"].find_one({"_id": "k"})
    assert row
    left = row["expires_at"] - real_now()
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    indexes = await shop.database["idempotency"].index_information()
    assert indexes["a_day"]["expireAfterSeconds"] == 0
    over = {"$set": {"expires_at": real_now() - timedelta(seconds=1)}}
    await shop.database["idempotency"].update_one({"_id": "k"}, over)
    assert await shop.records.find(key) is None
