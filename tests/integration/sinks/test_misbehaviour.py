"""The SMS sink can be told to fail in the ways in which a provider and a network do."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.integration.sinks.conftest import Receiver, Sink
from tests.support.eventually import eventually

Letter = dict[str, str]


async def test_errors_are_counted_down(sink: Sink, elks: httpx.AsyncClient, letter: Letter) -> None:
    """`errors` refuses as often as said, accepts nothing meanwhile, and then is over."""
    await sink.behave(errors={"status": 503, "times": 2})
    answers = [(await elks.post("/a1/sms", data=letter)).status_code for _ in range(3)]
    assert answers == [503, 503, 200]
    assert len((await elks.get("/a1/sms")).json()["data"]) == 1


@pytest.mark.parametrize(("knob", "accepted"), [("lose_replies", 1), ("lose_requests", 0)])
async def test_a_dropped_connection(
    sink: Sink, elks: httpx.AsyncClient, letter: Letter, knob: str, accepted: int
) -> None:
    """A lost reply was accepted, a lost request was not; the sender sees the same."""
    await sink.behave(**{knob: 1})
    with pytest.raises(httpx.RemoteProtocolError):
        await elks.post("/a1/sms", data=letter)
    assert len((await elks.get("/a1/sms")).json()["data"]) == accepted
    assert (await elks.post("/a1/sms", data=letter)).status_code == 200


async def test_slowness(sink: Sink, elks: httpx.AsyncClient, letter: Letter) -> None:
    """`slowness` holds answers back for so many seconds."""
    await sink.behave(slowness=0.4)
    began = time.monotonic()
    await elks.post("/a1/sms", data=letter)
    assert time.monotonic() - began >= 0.4


async def test_duplicate_and_shuffled_callbacks(
    sink: Sink, elks: httpx.AsyncClient, letter: Letter, receiver: Receiver
) -> None:
    """Callbacks can come twice, and the last state before the first."""
    await sink.behave(duplicate_callbacks=1, shuffled_callbacks=True)
    await elks.post("/a1/sms", data=letter | {"whendelivered": receiver.url})
    await eventually(lambda: len(receiver.got) == 4)
    assert [t["status"] for t in receiver.got] == ["delivered", "delivered", "sent", "sent"]


async def test_an_unknown_knob_is_refused(sink: Sink) -> None:
    """A misspelt wish is an error and changes nothing."""
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as client:
        refused = await client.post("/sink/behaviour", json={"lose_reply": 1})
        now = await client.get("/sink/behaviour")
    assert refused.status_code == 422
    assert now.json()["lose_replies"] == 0
