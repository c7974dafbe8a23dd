"""Operations at the console: what was given up, what happened to something, messages."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk

AT = "2027-01-14T09:30:00Z"
DEAD = "4b7f7c0e-2f0f-5f0e-8c55-0f8f8a1f6a11"
WHO = "0199c0de-0000-7000-8000-000000000000"
MESSAGE_ID = "0199c0de-0000-7000-8000-000000000002"
DELIVERY_ID = "0199c0de-0000-7000-8000-000000000003"
OPERATOR, COORDINATOR, EDITOR, LEADER = "rut.drift", "amina.lund", "elsa.blad", "mira.lindh"
PARKED: dict[str, Any] = {
    "id": DEAD,
    "state": "parked",
    "reason": "sealing-key-gone",
    "queue": "notifications.from-booking",
    "type": "se.safespace.booking.contact-card-sealed.v1",
    "subject": WHO,
    "event_id": "e",
    "sequence": 3,
    "failures": 4,
    "replays": 0,
    "parked_at": AT,
    "history": [],
    "outcome": None,
    "body_kept": True,
    "body": None,
}
DELIVERY: dict[str, Any] = {
    "id": DELIVERY_ID,
    "message_id": MESSAGE_ID,
    "about": "b1b1b1b1b1",
    "channel": "sms",
    "state": "uncertain",
    "attempts": 1,
    "due_at": AT,
    "last_attempt_at": AT,
    "why": None,
    "version": 4,
}
MESSAGE: dict[str, Any] = {
    "id": MESSAGE_ID,
    "source": "booking",
    "recipient_id": WHO,
    "about": "b1b1b1b1b1",
    "template": "confirmed",
    "state": "ready",
    "cause": "c",
    "created_at": AT,
    "version": 3,
}
CONTACT = {"recipient_id": WHO, "name": "Kim Exempel", "phone": "+46701740605", "email": None}


def listed(*items: Any) -> JSONResponse:
    return JSONResponse({"items": list(items), "total": len(items), "limit": 25, "offset": 0})


class Services:
    """Answers as the services do, and keeps what was sent and what was read on purpose."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, str]]] = []
        self.reached = 0
        self.refuse: tuple[int, str] | None = None

    def __call__(self, request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method != "GET":
            self.sent.append((request.method, path, dict(request.headers)))
            if self.refuse:
                said = {"type": "https://x.example/rule", "detail": self.refuse[1]}
                return JSONResponse(said, self.refuse[0])
            return JSONResponse({"id": "x"})
        if path.endswith("/contact"):
            self.reached += 1
            return JSONResponse({**CONTACT, "language": "sv"})
        subject = request.query_params.get("subject")
        service = request.path_params["service"]
        entry = {"at": AT, "what": "told", "type": "a.b", "state": "sent", "subject": subject}
        told = [{**entry, "type": f"from.{service}"}]
        answers: dict[str, Response] = {
            "/v1/dead-letters": listed(PARKED),
            f"/v1/dead-letters/{DEAD}": JSONResponse(PARKED),
            "/v1/journal": JSONResponse({"subject": subject, "entries": told}),
            "/v1/messages": listed(MESSAGE),
            f"/v1/messages/{MESSAGE_ID}": JSONResponse({**MESSAGE, "deliveries": [DELIVERY]}),
            "/v1/deliveries": listed(DELIVERY),
        }
        return answers.get(path)


@pytest.fixture
def services(desk: Desk) -> Services:
    desk.watched.answer = Services()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "may", "may_not", "shown"),
    [
        ("parked", OPERATOR, COORDINATOR, "contact-card-sealed"),
        (f"parked/notifications/{DEAD}", OPERATOR, EDITOR, "Förseglat med en nyckel"),
        (f"trace?subject={WHO}", OPERATOR, COORDINATOR, "from.mentoring"),
        ("messages", COORDINATOR, EDITOR, "confirmed"),
        (f"messages/{MESSAGE_ID}", OPERATOR, LEADER, "ovisst"),
        ("messages/uncertain", COORDINATOR, EDITOR, "Kom inte fram"),
        (f"messages/recipients/{WHO}", COORDINATOR, OPERATOR, "Vad ska du ha dem till?"),
    ],
)
async def test_a_page_is_there_for_whoever_may(
    desk: Desk, services: Services, path: str, may: str, may_not: str, shown: str
) -> None:
    """One role sees the page; another is told that it is not theirs, and no service is asked."""
    await desk.is_only_for(path, may, may_not, shown)


async def test_what_was_given_up_is_sent_again_or_discarded(desk: Desk, services: Services) -> None:
    """Both are asked of the service that has it; a refused reason keeps what was typed."""
    at = f"/console/parked/notifications/{DEAD}"
    async with desk.signed_in(OPERATOR) as browser:
        form = {"kvitto": desk.token_in(await browser.get(at)), "once": "n" * 20}
        assert (await browser.post(f"{at}/replay", data=form)).status_code == 303
        discard = {**form, "reason": "Testdata här"}
        assert (await browser.post(f"{at}/discard", data=discard)).status_code == 303
        assert [path.rpartition("/")[2] for _, path, _ in services.sent] == ["replay", "discard"]
        assert {headers["idempotency-key"] for _, _, headers in services.sent} == {"n" * 20}
        services.refuse = (409, "Det är redan avgjort.")
        again = await browser.post(f"{at}/discard", data=discard)
        assert again.status_code == 409
        assert "Det är redan avgjort." in again.text
        assert "Testdata här" in again.text
        assert (await browser.get("/console/parked/nowhere/x")).status_code == 404


async def test_an_address_is_read_on_purpose_only(desk: Desk, services: Services) -> None:
    """Opening the page reads nothing; only a stated purpose does, and nothing of it is stored."""
    at = f"/console/messages/recipients/{WHO}"
    async with desk.signed_in(COORDINATOR) as browser:
        page = await browser.get(at)
        token = desk.token_in(page)
        assert "Kim Exempel" not in page.text
        assert (await browser.post(at, data={"kvitto": token})).status_code == 422
        assert services.reached == 0
        seen = await browser.post(at, data={"kvitto": token, "purpose": "contact"})
        assert "+46701740605" in seen.text
        assert seen.headers["cache-control"] == "no-store"
        assert services.reached == 1


async def test_what_is_uncertain_is_decided_once(desk: Desk, services: Services) -> None:
    """The verdict goes along with the form's own number; what is decided already is told."""
    async with desk.signed_in(COORDINATOR) as browser:
        token = desk.token_in(await browser.get("/console/messages/uncertain"))
        at = f"/console/messages/uncertain/{DELIVERY_ID}"
        form = {"kvitto": token, "once": "q" * 20, "verdict": "arrived"}
        assert (await browser.post(at, data=form)).status_code == 303
        assert services.sent[0][1] == f"/v1/deliveries/{DELIVERY_ID}/verdict"
        services.refuse = (409, "Det är redan klart.")
        again = await browser.post(at, data=form)
        assert again.status_code == 409
        assert "Det är redan klart." in again.text


async def test_a_service_that_is_away_leaves_the_others(desk: Desk, services: Services) -> None:
    """What the other services know of an id stands, with the name of the one that is away."""
    desk.watched.away = frozenset({"mentoring"})
    async with desk.signed_in(OPERATOR) as browser:
        page = (await browser.get(f"/console/trace?subject={WHO}")).text
        assert "from.booking" in page
        assert "from.mentoring" not in page
        assert "Vi når inte mentorskapet" in page
