"""Events from the broker become entries: each once, in order, without gaps; and some never."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from pymongo.errors import OperationFailure

from services.publishing.feeds.storage.log import FeedLog
from shared.contracts.envelope import Envelope
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import connect, database_of
from tests.integration.publishing.feeds.broker_world import (
    PATIENT,
    Broker,
    at_least,
    parked,
    replay,
)
from tests.integration.publishing.feeds.partners_world import an_occasion
from tests.support.eventually import eventually


@pytest.mark.parametrize("stops", [2, pytest.param(25, marks=pytest.mark.long)])
async def test_each_once_in_order_and_without_gaps(broker: Broker, stops: int) -> None:
    """Copies, and writers that stop in the middle: 1, 2, 3 …, each subject in its order."""
    subjects = [new_id() for _ in range(4)]
    told = [an_occasion(subjects[n % 4], n // 4 + 1) for n in range(40 * (stops + 1))]
    for stop in range(stops):
        async with broker.writing():
            await broker.tell(*told[stop * 40 : stop * 40 + 40], times=2)
            await eventually(lambda: at_least(broker, stop * 40 + 10), within=PATIENT)  # noqa: B023
    await broker.tell(*told[stops * 40 :])
    async with broker.writing():
        await eventually(lambda: at_least(broker, len(told)), within=PATIENT)
    log = await broker.log()
    assert [position for position, _ in log] == list(range(1, len(told) + 1))
    for subject in subjects:
        wanted = [one.id for one in told if one.subject == subject]
        assert [event_id for _, event_id in log if event_id in set(wanted)] == wanted
    assert await broker.parked() == []


async def test_what_cannot_be_an_entry_is_parked_and_the_rest_goes_on(broker: Broker) -> None:
    """Unreadable, internal, not what it says: none takes a position, each with its reason."""
    good, last = an_occasion(), an_occasion()
    broken = good.model_copy(update={"id": new_id(), "data": {"odd": 1}})
    other = good.model_copy(update={"id": new_id(), "source": "/publishing"})
    async with broker.writing():
        await broker.tell(good, broken, other, last)
        await eventually(lambda: at_least(broker, 2), within=PATIENT)
        await eventually(lambda: parked(broker, 2), within=PATIENT)
    assert await broker.log() == [(1, good.id), (2, last.id)]
    assert sorted(await broker.parked()) == ["not-as-agreed", "not-what-it-says"]


async def test_what_keeps_failing_is_parked_and_comes_late_if_replayed(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others do not wait for it for ever; replayed it gets the next position."""
    bad, good = an_occasion(), an_occasion()
    log = broker.partnered.feeds.log
    real = log.append
    broken = {"yes": True}

    async def append(
        session: object, told: Sequence[tuple[Envelope, str, str]], at: datetime
    ) -> int:
        if broken["yes"] and any(one.id == bad.id for one, *_ in told):
            raise ValueError
        return await real(session, told, at)  # type: ignore[arg-type]

    monkeypatch.setattr(log, "append", append)
    async with broker.writing():
        await broker.tell(bad, good)
        await eventually(lambda: at_least(broker, 1), within=PATIENT)
        await eventually(lambda: parked(broker, 1), within=PATIENT)
        broken["yes"] = False
        await replay(broker, bad)
        await eventually(lambda: at_least(broker, 2), within=PATIENT)
    assert await broker.log() == [(1, good.id), (2, bad.id)]
    assert await broker.parked() == ["ValueError"]


async def test_what_a_killed_writer_had_begun_is_not_waited_for(broker: Broker) -> None:
    """Its unfinished append would hold the counter until the database gives it up."""
    url = broker.servers.mongo_url("publishing")
    client = connect(url)
    killed = FeedLog(database_of(client, url))
    key = "booking.occasion-published.v1"
    before, half, after = an_occasion(), an_occasion(), an_occasion()
    async with await client.start_session() as session:
        session.start_transaction()
        await killed.append(session, [(before, key, "public")], real_now())
        await session.commit_transaction()
    async with await client.start_session() as other, await client.start_session() as session:
        assert other.session_id != session.session_id
        session.start_transaction()
        await killed.append(session, [(half, key, "public")], real_now())
        async with broker.writing():
            await broker.tell(half, after)
            await eventually(lambda: at_least(broker, 3), within=PATIENT)
        with pytest.raises(OperationFailure):
            await session.commit_transaction()
        # It was not the database that gave it up.
        counters = await broker.partnered.world.rows("feed_counter")
        (signed,) = [row["sessions"] for row in counters if row["_id"] == "writers"]
        assert session.session_id["id"] not in signed
    client.close()
    assert await broker.log() == [(1, before.id), (2, half.id), (3, after.id)]
