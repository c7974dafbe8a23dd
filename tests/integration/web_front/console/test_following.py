"""Looking back at the console: the month's sample of readings, and a quarter's figures."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.integration.web_front.console.conftest import Desk

AUDITOR, LEAD, GUARD, OPERATOR = "vera.insyn", "karin.holm", "greta.moren", "rut.drift"
DESK, LEADER = "amina.lund", "leyla.sjo"
READING: dict[str, Any] = {
    "seq": 17,
    "at": "2027-01-14T09:30:00Z",
    "actor": "0199c0de-0000-7000-8000-000000000001",
    "roles": ["case-lead"],
    "subjects": ["0199c0de-0000-7000-8000-000000000002"],
    "fields": ["notes"],
    "purpose": "case-work",
    "reference": None,
    "allowed": True,
    "rule": "lead-of-case",
    "trace": "t",
}
SAMPLE = {"month": "2026-10", "left": 1, "items": [{"reading": READING, "outcomes": []}]}
TABLES = {"case-opened/age-band": {"13-15": None, "16-18": 10, "over-25": 0}}
WORKSHOPS: dict[str, Any] = {
    "occasions": 12,
    "people": 1310,
    "tables": {
        "age": {
            "grade-8": 800,
            "leader": 85,
            "16-18": None,
            **{f"grade-{n}": None for n in range(7)},
        },
        "municipality": {"Lund": 400, "Malmö": 910},
    },
}
NOBODY: dict[str, Any] = {"occasions": None, "people": None, "tables": {"age": {"13-15": None}}}
CAME = {
    "quarter": "2026-Q3",
    "published_at": "2026-10-02T08:00:00Z",
    "kinds": {"workshop": WORKSHOPS, "consultation": NOBODY},
    "rounded_to": 5,
    "least_shown": 5,
}
QUARTERS: dict[str, Any] = {
    "items": [
        {
            "quarter": "2026-Q3",
            "counted": 12,
            "uncounted": 0,
            "published_at": "2026-10-02T08:00:00Z",
            "people": {"workshop": 1310, "consultation": None},
        },
        {
            "quarter": "2026-Q2",
            "counted": 7,
            "uncounted": 3,
            "published_at": None,
            "people": None,
        },
    ]
}
FIGURES = {"period": "2026-Q3", "tables": TABLES, "rounded_to": 5, "least_shown": 5}


class Services:
    """Answers as the services do; no other quarter than one is published."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.refuse = 0

    def __call__(self, request: Request) -> Response | None:
        path = "/" + request.path_params["path"]
        if request.method != "GET":
            self.sent.append(path)
            said = {"type": "x/rule", "detail": "Det går inte."}
            return JSONResponse(said, self.refuse) if self.refuse else JSONResponse({})
        if path.startswith("/v1/audit/samples/"):
            return JSONResponse(SAMPLE)
        if path == "/v1/statistics/2026-Q3":
            booking = request.path_params["service"] == "booking"
            return JSONResponse(CAME if booking else FIGURES)
        if path == "/v1/statistics":
            return JSONResponse(QUARTERS)
        return JSONResponse({"type": "x/not-found"}, 404)


@pytest.fixture
def services(desk: Desk) -> Services:
    desk.watched.answer = Services()
    return desk.watched.answer


@pytest.mark.parametrize(
    ("path", "may", "may_not", "shown"),
    [
        ("follow-up?month=2026-10", AUDITOR, OPERATOR, "lead-of-case"),
        ("follow-up?service=mentoring", GUARD, LEAD, "lead-of-case"),
        ("statistics?quarter=2026-Q3", LEAD, AUDITOR, "visas inte"),
        ("statistics/attendance?quarter=2026-Q3", DESK, LEADER, "Workshoppar"),
    ],
)
async def test_a_page_is_there_for_whoever_may(
    desk: Desk, services: Services, path: str, may: str, may_not: str, shown: str
) -> None:
    """One role sees the page; another is told that it is not theirs, and no service is asked."""
    await desk.is_only_for(path, may, may_not, shown)


async def test_one_follows_up_where_one_may(desk: Desk, services: Services) -> None:
    """Data protection follows up mentoring alone; a service's no keeps what was typed."""
    async with desk.signed_in(GUARD) as browser:
        assert (await browser.get("/console/follow-up?service=booking")).status_code == 404
        page = await browser.get("/console/follow-up?month=2026-10")
        form = {"kvitto": desk.token_in(page), "service": "mentoring", "month": "2026-10"}
        form |= {"seq": "17", "outcome": "explained", "reference": "A-17", "once": "n" * 20}
        assert (await browser.post("/console/follow-up", data=form)).status_code == 303
        assert services.sent == ["/v1/audit/samples/2026-10/outcomes"]
        services.refuse = 403
        own = await browser.post("/console/follow-up", data=form)
        assert own.status_code == 403
        assert "Det går inte." in own.text, "the service says why"
        assert "A-17" in own.text, "what was typed is kept"


async def test_figures_are_published_once_and_by_leads(desk: Desk, services: Services) -> None:
    """Publishing must be meant; a hidden group is never drawn; data protection only looks."""
    at = "/console/statistics"
    async with desk.signed_in(LEAD) as browser:
        page = await browser.get(f"{at}?quarter=2026-Q3")
        assert page.text.count("<rect") == 2, "the hidden group has no column"
        fresh = await browser.get(f"{at}?quarter=2026-Q2")
        form = {"kvitto": desk.token_in(fresh), "quarter": "2026-Q2", "once": "o" * 20}
        assert (await browser.post(at, data=form)).status_code == 422
        assert services.sent == []
        assert (await browser.post(at, data={**form, "sure": "yes"})).status_code == 303
        assert services.sent == ["/v1/statistics/2026-Q2"]
    async with desk.signed_in(GUARD) as browser:
        page = await browser.get(f"{at}?quarter=2026-Q2")
        assert 'name="sure"' not in page.text
        refused = await browser.post(at, data={"kvitto": desk.token_in(page), "sure": "yes"})
        assert refused.status_code == 403


async def test_who_came_is_shown_by_age_and_place_and_quarter(
    desk: Desk, services: Services
) -> None:
    """The address says which; a hidden group is never drawn; each picture has its table."""
    at = "/console/statistics/attendance?quarter=2026-Q3&kind=workshop"
    async with desk.signed_in(DESK) as browser:
        page = (await browser.get(at)).text
        assert page.count("<rect") == 5, "two by age, two by place, one quarter"
        assert page.count("<svg") == page.count("<table")
        assert "årskurs 8" in page
        assert "Övriga grupper (8)" in page, "many that are hidden are one row"
        assert page.index("Malmö</th>") < page.index("Lund</th>"), "the largest first"
        english = (await browser.get(f"{at}&lang=en")).text
        assert "adults with a group" in english
        few = (await browser.get(at.replace("workshop", "consultation"))).text
        assert "Alla grupper är för små" in few or "All groups are too small" in few


async def test_attendance_is_published_once_it_is_meant(desk: Desk, services: Services) -> None:
    """Before it, the page says what nobody has counted; what booking refuses is said."""
    at = "/console/statistics/attendance"
    async with desk.signed_in(DESK) as browser:
        fresh = await browser.get(f"{at}?quarter=2026-Q2")
        assert "räkna dem först" in fresh.text
        form = {"kvitto": desk.token_in(fresh), "quarter": "2026-Q2", "once": "p" * 20}
        assert (await browser.post(at, data=form)).status_code == 422
        for unknown in ("2026-Q4", "../occasions", ""):
            answer = await browser.post(at, data={**form, "quarter": unknown, "sure": "yes"})
            assert answer.status_code == 422
        assert services.sent == []
        assert (await browser.post(at, data={**form, "sure": "yes"})).status_code == 303
        assert services.sent == ["/v1/statistics/2026-Q2"]
        services.refuse = 409
        late = await browser.post(at, data={**form, "sure": "yes"})
        assert late.status_code == 409
        assert "Det går inte." in late.text


async def test_an_auditor_begins_with_the_month_that_is_over(desk: Desk) -> None:
    """The start page leads to each service's sample and asks none: to open one is a reading."""
    async with desk.signed_in(AUDITOR) as browser:
        page = await browser.get("/console")
    assert "Läsningar att följa upp" in page.text
    for service in ("booking", "mentoring", "notifications", "publishing"):
        assert f"/console/follow-up?service={service}&amp;month=20" in page.text
    assert "Inget särskilt idag" not in page.text
    assert desk.watched.got == []
