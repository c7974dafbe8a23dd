"""Prata med någon: handed on without a name, a visit or a trace; limited, and never lost."""

from __future__ import annotations

import json

import pytest

from services.web.public import form_limits
from shared.web.rate_limit import TokenBuckets
from tests.integration.web_front.conftest import Front
from tests.integration.web_front.test_programme_pages import key_in

WORDS = {"whom": "me", "words": "Jag vill ut. kanariefågel-7", "reach": "070-174 06 05"}


@pytest.fixture(autouse=True)
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has an address of its own, as far as the limits go."""
    name = str(id(monkeypatch))
    monkeypatch.setattr(form_limits, "visitor_of", lambda _: name)


async def test_words_are_handed_on_and_joined_to_nobody(front: Front) -> None:
    """Also somebody with a visit writes without their link or cookie; no page repeats the words."""
    async with front.inside() as client:
        form = await client.get("/prata")
        sent = await client.post("/prata", data={**WORDS, "form": key_in(form)})
    assert sent.status_code == 200
    assert "Tack för att du skrev" in sent.text
    assert "kanariefågel" not in sent.text
    assert front.behind.got == [("POST", "/v1/consultations")]
    assert not {"link-secret", "cookie"} & front.behind.headers[-1].keys()
    said = json.loads(front.behind.bodies[-1])
    assert said["question"].endswith(WORDS["words"])
    assert (said["reach"], said["profession"]) == (WORDS["reach"], "other")


async def test_what_cannot_be_sent_stays_in_the_form(front: Front) -> None:
    """Nobody answers, or nothing was written: the words stand there, and 112 beside them."""
    front.behind.refuse = (503, "")
    async with front.client() as client:
        page = await client.post("/prata", data=WORDS)
        empty = await client.post("/prata", data={"words": " ", "reach": "kanarie"})
    assert page.status_code == 503
    assert "kanariefågel-7" in page.text
    assert empty.status_code == 422
    assert 'value="kanarie"' in empty.text
    for shown in (page, empty):
        assert 'href="tel:112"' in shown.text
        assert "no-store" in shown.headers["cache-control"]
        assert shown.headers["referrer-policy"] == "no-referrer"


async def test_pressing_twice_is_sent_once(front: Front) -> None:
    """The form's key goes along; other words under the same key are asked about, with a new one."""
    async with front.client() as client:
        form = {**WORDS, "form": key_in(await client.get("/prata"))}
        for _ in range(2):
            await client.post("/prata", data=form)
        keys = {h.get("idempotency-key") for h in front.behind.headers}
        front.behind.refuse, front.behind.refuse_as = (422, "x"), "idempotency-key-reused"
        again = await client.post("/prata", data=form)
    assert keys == {form["form"]}
    assert again.status_code == 409
    assert "redan skickat" in again.text
    assert WORDS["words"] in again.text
    assert key_in(again) != form["form"]


async def test_too_many_are_asked_kindly_to_wait(front: Front) -> None:
    """After so many from one address 429 says so, and the words stay; looking is not limited."""
    async with front.client() as client:
        answers = [await client.post("/prata", data=WORDS) for _ in range(12)]
        assert (await client.get("/prata")).status_code == 200
    assert [each.status_code for each in answers[:5]] == [200] * 5
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "60"
    for said in ("pröva igen om några minuter", WORDS["words"], 'href="tel:112"'):
        assert said in answers[-1].text


async def test_without_the_limit_a_flood_comes_through(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is the bucket that says no."""
    monkeypatch.setattr(TokenBuckets, "take", lambda *_: True)
    async with front.client() as client:
        answers = [await client.post("/prata", data=WORDS) for _ in range(12)]
    assert {each.status_code for each in answers} == {200}
