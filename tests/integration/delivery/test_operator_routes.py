"""What an operator does over HTTP about what was given up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.contracts.booking import HeadCountChanged
from shared.delivery.operator_routes import STATUSES, routes
from shared.kernel.ids import new_id
from shared.web.app import make_app
from shared.web.settings import WebSettings
from shared.web.signed_in import TokenVerifier
from tests.integration.delivery.ends import Ends, head_count
from tests.support.eventually import eventually
from tests.unit.shared.issuer import Issuer, an_issuer

PERMISSIONS = {
    "dead-letters.handle": frozenset({"operator"}),
    "journal.read": frozenset({"operator"}),
}


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as made:
        yield made


@pytest.fixture
async def desk(ends: Ends, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """Notifications' operator routes, asked with an operator's token."""
    settings = WebSettings(
        profile="local",
        http_port=1,
        issuer=issuer.url,
        audience="notifications",
        front_door="http://127.0.0.1:8000",
    )
    verifier = TokenVerifier(issuer.url, "notifications")
    app = make_app(
        service="notifications",
        settings=settings,
        routers=[routes("notifications", ends.notifications)],
        refusals=STATUSES,
        permissions=PERMISSIONS,
        verifier=verifier,
    )
    bearer = {"Authorization": f"Bearer {token(issuer, 'operator')}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://n", headers=bearer) as made:
        yield made
    await verifier.keys.close()


def token(issuer: Issuer, role: str) -> str:
    return issuer.token(aud="notifications", roles=[role], preferred_username="olle.op")


async def fail(*_: object) -> None:
    raise KeyError


async def given_up(ends: Ends, desk: httpx.AsyncClient) -> tuple[str, dict[str, Any]]:
    """Make one dead letter; its subject and how the list shows it."""
    await ends.listen({HeadCountChanged: fail}, steps=(("1s", 1),))
    await ends.relay()
    subject = new_id()
    await ends.tell(head_count(subject, 4))

    async def listed() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await desk.get("/v1/dead-letters")).json()["items"]
        return items

    [letter] = await eventually(listed) or []
    return subject, letter


async def test_an_operator_reads_replays_and_discards(ends: Ends, desk: httpx.AsyncClient) -> None:
    """List, show, replay once; a second time is 409, an unknown one 404, with problem+json."""
    subject, letter = await given_up(ends, desk)
    assert (letter["subject"], letter["reason"], letter["state"]) == (subject, "KeyError", "parked")
    place = f"/v1/dead-letters/{letter['id']}"
    shown = (await desk.get(place)).json()
    assert letter["event_id"] in shown["body"]
    key = {"Idempotency-Key": "one-evening"}
    replayed = await desk.post(f"{place}/replay", headers=key)
    copy = await desk.post(f"{place}/replay", headers=key)
    assert (copy.status_code, copy.json()) == (200, replayed.json()), "one key, one answer"
    other = await desk.post(f"{place}/discard", json={"reason": "inte nu"}, headers=key)
    assert other.json()["type"].endswith("/idempotency-key-reused")
    assert (replayed.status_code, replayed.json()["history"][0]["by"]) == (200, "olle.op")
    again = await desk.post(f"{place}/discard", json={"reason": "inte nu"})
    assert again.status_code == 409
    assert again.json()["type"].endswith("/dead-letter-settled")
    assert (await desk.get("/v1/dead-letters/nobody")).status_code == 404
    assert (await desk.post(f"{place}/discard", json={"reason": ""})).status_code == 422


async def test_what_mentoring_told_of_somebody_is_handled_unseen(
    ends: Ends, desk: httpx.AsyncClient
) -> None:
    """It can be replayed or discarded; that it is about somebody, and whom, is told to nobody."""
    _, letter = await given_up(ends, desk)
    assert letter["hidden"] is False
    queue = {"$set": {"queue": "notifications.from-mentoring"}}
    await ends.notifications["dead_letters"].update_one({"_id": letter["id"]}, queue)
    place = f"/v1/dead-letters/{letter['id']}"
    [listed] = (await desk.get("/v1/dead-letters")).json()["items"]
    answers = [listed, (await desk.get(place)).json()]
    answers.append((await desk.post(f"{place}/replay")).json())
    for told in answers:
        assert (told["hidden"], told["reason"]) == (True, "KeyError")
        secret = {letter[name] for name in ("subject", "event_id", "type")}
        assert not secret.intersection(map(str, told.values()))
        assert not told.get("body")


async def test_the_journal_tells_what_happened(ends: Ends, desk: httpx.AsyncClient) -> None:
    """What was heard and given up about a subject, by ids, types, times and states."""
    subject, letter = await given_up(ends, desk)
    reason = {"reason": "testdata"}
    await desk.post(f"/v1/dead-letters/{letter['id']}/discard", json=reason)
    entries = (await desk.get("/v1/journal", params={"subject": subject})).json()["entries"]
    assert [(entry["what"], entry["state"]) for entry in entries] == [("given-up", "discarded")]
    assert entries[0]["sequence"] == 4


@pytest.mark.parametrize("role", ["coordinator", "facilitator"])
async def test_only_operators_get_in(desk: httpx.AsyncClient, issuer: Issuer, role: str) -> None:
    """Everybody else is refused, on every one of these routes."""
    headers = {"Authorization": f"Bearer {token(issuer, role)}"}
    for method, path in (
        ("GET", "/v1/dead-letters"),
        ("GET", "/v1/dead-letters/x"),
        ("POST", "/v1/dead-letters/x/replay"),
        ("POST", "/v1/dead-letters/x/discard"),
        ("GET", "/v1/journal?subject=x"),
    ):
        body = {"reason": "whatever"} if path.endswith("discard") else None
        answer = await desk.request(method, path, headers=headers, json=body)
        assert answer.status_code == 403, path
