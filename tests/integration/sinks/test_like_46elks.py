"""The SMS sink answers as 46elks' documentation says that 46elks does."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.sinks.conftest import OURS, THEIRS, Receiver, Sink
from tests.support.eventually import eventually

Letter = dict[str, str]


async def test_an_accepted_sms_is_described(elks: httpx.AsyncClient, letter: Letter) -> None:
    """A sent SMS is answered with its id, state, numbers, parts and cost."""
    sent = (await elks.post("/a1/sms", data=letter)).json()
    assert sent["status"] == "created"
    assert sent["direction"] == "outgoing"
    assert (sent["from"], sent["to"], sent["message"]) == (OURS, THEIRS, letter["message"])
    assert sent["id"].startswith("s")
    assert sent["parts"] == 1
    assert sent["cost"] > 0
    shown = (await elks.get(f"/a1/sms/{sent['id']}")).json()
    assert shown["id"] == sent["id"]


async def test_dontlog_keeps_the_text_out(elks: httpx.AsyncClient, letter: Letter) -> None:
    """With dontlog=message neither answer, list nor view shows the text; the phone does."""
    sent = (await elks.post("/a1/sms", data=letter | {"dontlog": "message"})).json()
    listed = (await elks.get("/a1/sms")).json()["data"]
    shown = (await elks.get(f"/a1/sms/{sent['id']}")).json()
    assert [sms for sms in (sent, shown, *listed) if "message" in sms] == []
    phone = (await elks.get("/phone/messages", auth=("", ""))).json()
    assert [message["message"] for message in phone] == [letter["message"]]


@pytest.mark.parametrize("auth", [("safespace", "fel"), ("fel", "hemligt"), None])
async def test_strangers_are_refused(
    sink: Sink, letter: Letter, auth: tuple[str, str] | None
) -> None:
    """Without the right name and password nothing is accepted and nothing shown."""
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as stranger:
        sent = await stranger.post("/a1/sms", data=letter, auth=auth)
        listed = await stranger.get("/a1/sms", auth=auth)
        phone = await stranger.get("/phone/messages")
    assert (sent.status_code, listed.status_code) == (401, 401)
    assert phone.json() == []


@pytest.mark.parametrize(
    "wrong",
    [{"to": "0701740684"}, {"to": ""}, {"from": "1"}, {"message": ""}, {"whendelivered": "x"}],
)
async def test_what_cannot_be_sent_is_refused(
    elks: httpx.AsyncClient, letter: Letter, wrong: Letter
) -> None:
    """A wrong number, sender or address, or no text, is a 400 and not accepted."""
    assert (await elks.post("/a1/sms", data=letter | wrong)).status_code == 400
    assert (await elks.get("/a1/sms")).json()["data"] == []


async def test_the_list_has_pages_of_a_hundred(elks: httpx.AsyncClient, letter: Letter) -> None:
    """At most 100 a page, the newest first; `next` as `start` goes on without a gap or repeat."""
    sent = [(await elks.post("/a1/sms", data=letter)).json()["id"] for _ in range(103)]
    first = (await elks.get("/a1/sms", params={"limit": 500})).json()
    rest = (await elks.get("/a1/sms", params={"start": first["next"]})).json()
    seen = [sms["id"] for sms in (*first["data"], *rest["data"])]
    assert len(first["data"]) == 100
    assert seen == sent[::-1]
    assert "next" not in rest


async def test_the_list_can_be_narrowed(elks: httpx.AsyncClient, letter: Letter) -> None:
    """`to` keeps one number's messages, `end` those after a moment."""
    early = (await elks.post("/a1/sms", data=letter)).json()
    late = (await elks.post("/a1/sms", data=letter)).json()
    await elks.post("/a1/sms", data=letter | {"to": "+46701740600"})
    found = (await elks.get("/a1/sms", params={"to": THEIRS, "end": early["created"]})).json()
    assert [sms["id"] for sms in found["data"]] == [late["id"]]
    assert (await elks.get("/a1/sms", params={"start": "i går"})).status_code == 400


async def test_delivery_is_told(
    elks: httpx.AsyncClient, letter: Letter, receiver: Receiver
) -> None:
    """The sender is told sent, then delivered with the time, as form posts."""
    sent = (await elks.post("/a1/sms", data=letter | {"whendelivered": receiver.url})).json()
    await eventually(lambda: len(receiver.got) == 2)
    assert [told["status"] for told in receiver.got] == ["sent", "delivered"]
    assert {told["id"] for told in receiver.got} == {sent["id"]}
    assert receiver.got[1]["delivered"]


async def test_telling_goes_on_until_it_is_taken(
    elks: httpx.AsyncClient, letter: Letter, receiver: Receiver
) -> None:
    """A callback answered with anything but 200–204 comes again."""
    receiver.answers = [(500, ""), (302, "")]
    await elks.post("/a1/sms", data=letter | {"whendelivered": receiver.url})
    await eventually(lambda: len(receiver.got) == 4)
    assert [told["status"] for told in receiver.got] == ["sent", "sent", "sent", "delivered"]


async def test_a_number_out_of_reach_fails(
    sink: Sink, elks: httpx.AsyncClient, letter: Letter, receiver: Receiver
) -> None:
    """An SMS to a number that cannot be reached ends as failed."""
    await sink.behave(unreachable=[THEIRS])
    await elks.post("/a1/sms", data=letter | {"whendelivered": receiver.url})
    await eventually(lambda: [told["status"] for told in receiver.got] == ["sent", "failed"])
