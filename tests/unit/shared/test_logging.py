"""Log lines as they come out: JSON, with who and why, and without what exceptions say."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from shared.observability.cause import Cause, because_of
from shared.observability.logging import set_up
from shared.observability.tracing import continue_from, fresh_traceparent, trace_id_of
from tests.unit.shared.sample_api import client_of, sample_app

SECRET = "Anna Svensson ska inte stå här"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    root, written = logging.getLogger(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    before, hook = (root.handlers, root.level), sys.excepthook
    set_up("production", "booking", "http")

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    root.handlers, root.level = before
    sys.excepthook = hook
    structlog.reset_defaults()


def test_a_line_says_who_and_why(lines: Lines) -> None:
    """Service, process, time, correlation, event and trace id stand in every line."""
    traceparent = fresh_traceparent()
    with continue_from(traceparent, "test"), because_of(Cause("c-1", "e-1")):
        structlog.get_logger().info("something_happened", count=3)
    (line,) = lines()
    assert line["trace_id"] == trace_id_of(traceparent)
    assert (
        line.items()
        >= {
            "event": "something_happened",
            "count": 3,
            "service": "booking",
            "process": "http",
            "level": "info",
            "correlation_id": "c-1",
            "event_id": "e-1",
        }.items()
    )


def test_libraries_speak_through_the_same_chain(lines: Lines) -> None:
    """Lines of the standard library come out as the same JSON."""
    logging.getLogger("aio_pika").warning("lost %s", "anna@example.com")
    (line,) = lines()
    assert line["service"] == "booking"
    assert "anna" not in line["event"]


@pytest.mark.parametrize("ours", [True, False])
def test_exceptions_are_told_by_place(lines: Lines, ours: bool) -> None:
    """An exception leaves its class and its place in the code, never what it said."""
    log = structlog.get_logger() if ours else logging.getLogger("uvicorn.error")
    try:
        int(SECRET)
    except ValueError:
        log.exception("broke")
    told = lines()
    assert SECRET not in json.dumps(told, ensure_ascii=False)
    assert told[0]["exception"] == "builtins.ValueError"
    assert "test_exceptions_are_told_by_place" in told[0]["frames"][-1]


def test_an_exception_as_an_argument_stays_unsaid(lines: Lines) -> None:
    """Libraries that write the exception into their sentence lose it there."""
    logging.getLogger("aiormq").error("closed: %r", ValueError(SECRET))
    assert SECRET not in json.dumps(lines(), ensure_ascii=False)


def test_the_last_words_of_a_process_hold_no_values(lines: Lines) -> None:
    """A crash at start names the wrong settings, not what stood in them."""

    class Settings(BaseModel):
        master_key: int

    try:
        Settings.model_validate({"master_key": SECRET})
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    told = lines()
    assert SECRET not in json.dumps(told, ensure_ascii=False)
    assert told[0]["wrong_fields"] == ["master_key: int_parsing"]


async def test_the_access_line_has_the_template(lines: Lines) -> None:
    """A request is logged with its route's template and its status; the path is nowhere."""
    async with client_of(sample_app()) as client:
        await client.patch("/v1/bookings/4711004711?q=hemligt", headers={"If-Match": '"1"'})
        await client.get("/v1/broken")
        await client.get("/anna/svensson")
    told = [line for line in lines() if line["event"].startswith("request")]
    assert [line["route"] for line in told if line["event"] == "request"] == [
        "/v1/bookings/{bookingId}",
        "/v1/broken",
        "(none)",
    ]
    written = json.dumps(told, ensure_ascii=False)
    assert not any(piece in written for piece in ("4711004711", "hemligt", "anna", "fell over"))
    assert any(line.get("exception") == "builtins.RuntimeError" for line in told)
