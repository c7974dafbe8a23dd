"""The console's routes: each says who opens it, each form is checked, nothing may be kept."""

from __future__ import annotations

import ast
import base64
import re
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.web.main import http
from services.web.settings import Settings
from services.web.staff.rights import EVERYBODY, RIGHTS
from shared.web.permissions import policy_of
from shared.web.route_table import KnownRoute, RouteTable
from tests.browser.console_pages import PAGES

WEB = Path(__file__).resolve().parents[2] / "services/web"
OPEN = {"/console/sign-in", "/console/signed-in", "/console/signed-out"}
"""Where somebody is who is not signed in."""
NO_PAGES = {
    "/console/sign-in": "leads to the identity provider",
    "/console/signed-in": "comes back from it",
    "/console/live/{service}": "a stream",
    "/console/newsletters/{newsletter_id}/texts/{language}/letter": "others' HTML, in a frame",
    "/console/publications/{name}/texts/{language}/leaf": "how it will be, in a frame",
    "/console/publications/{name}/texts/{language}/paper": "a PDF",
    "/console/print-orders/pick-list": "a PDF",
    "/console/cases/{case_id}/identity": "leads back to the case",
    "/console/cases/{case_id}/identity/change": "leads back to the case",
    "/console/cases/{case_id}/forgetting": "leads back to the keeping; counted on a press",
}
"""What can be asked for and is no page of ours, and why."""


@cache
def routes() -> tuple[KnownRoute, ...]:
    secret = SecretStr(base64.b64encode(bytes(32)).decode())
    settings = Settings(
        profile="local",
        http_port=1,
        metrics_port=2,
        issuer="http://127.0.0.1:1",
        audience="web",
        front_door="http://127.0.0.1:1",
        mongodb_url=SecretStr("mongodb://127.0.0.1:1/web"),
        session_key=secret,
        client_secret=secret,
        callback_secret=secret,
        booking_url="http://127.0.0.1:1",
        notifications_url="http://127.0.0.1:1",
    )
    found = RouteTable(http(settings)).routes
    return tuple(each for each in found if each.path.startswith("/console"))


def test_every_route_names_who_opens_it() -> None:
    """A page without a permission of `rights` is not one of ours."""
    assert len(routes()) > 8, "the measure itself works"
    for route in routes():
        said = policy_of(route).detail
        if route.path in OPEN:
            continue
        assert said.startswith("staff: "), f"{route.path} is open to somebody else: {said}"
        named = said.removeprefix("staff: ").split(", ")
        assert set(named) - {EVERYBODY} <= RIGHTS.keys(), route.path


def test_every_change_takes_its_own_form() -> None:
    """Whatever is not read only checks that the form is ours and this session's."""
    changing = [route for route in routes() if not route.methods <= {"GET", "HEAD"}]
    assert changing, "the measure itself works"
    unchecked = [
        route.path
        for route in changing
        if "_TakesForm" not in {type(each).__name__ for each in route.declared}
    ]
    assert unchecked == []


def test_whatever_is_sent_on_a_version_says_what_stands_beside_it() -> None:
    """Every form is answered with both when somebody else was faster: no page may do without.

    Rows among many say of each how it went instead.
    """
    sends = [
        (path, call, {each.arg for each in call.keywords})
        for path in sorted((WEB / "staff").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "send"
    ]
    said = [names for _, _, names in sends if {"version", "beside"} <= names]
    assert len(said) > 20, "the measure itself works"
    assert [
        f"{path.relative_to(WEB)}:{call.lineno}"
        for path, call, names in sends
        if ("version" in names and "beside" not in names and not path.name.startswith("many_"))
        or None in names
    ] == []


def test_no_page_answers_a_conflict_by_itself() -> None:
    """There is one page with both, made from what stands beside; nothing that was typed is lost."""
    knows = {
        str(path.relative_to(WEB / "staff"))
        for path in (WEB / "staff").rglob("*.py")
        if "VersionConflict" in path.read_text("utf-8")
    }
    assert knows == {"asking.py", "beside.py", "bulk.py"}


def test_nothing_of_the_console_may_be_kept() -> None:
    """No module of the console says that an answer may be stored; saying nothing means no-store."""
    said = [
        (path.name, value)
        for path in (WEB / "staff").rglob("*.py")
        for value in re.findall(r'"Cache-Control": "([^"]*)"', path.read_text("utf-8"))
    ]
    assert said, "the measure itself works"
    assert {value for _, value in said} == {"no-store"}


def test_axe_looks_at_every_page() -> None:
    """Whatever can be opened in the console is on the list of what the browser's tests look at."""
    looked_at = {_shape(path.partition("?")[0]) for _, path in PAGES.values()}
    pages = {_shape(each.path) for each in routes() if "GET" in each.methods}
    assert looked_at - pages - {_shape("/console/nowhere")} == set(), "a page that is not there"
    assert pages - looked_at - {_shape(path) for path in NO_PAGES} == set()


def _shape(path: str) -> str:
    """A path with whatever stands for one of many, a word of a name or `{id}`, as `*`."""
    parts = re.sub(r"\{\w+\}", "*", path).split("/")
    return "/".join("*" if each in ("notifications", "sv") else each for each in parts)


@pytest.mark.parametrize("page", sorted((WEB / "templates/staff").rglob("*.html")), ids=str)
def test_pages_hold_nothing_inline(page: Path) -> None:
    """No inline style, script or handler: the policy of the pages would refuse it."""
    text = page.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|https?://", text)


@pytest.mark.parametrize("page", sorted((WEB / "templates/staff").rglob("*.html")), ids=str)
def test_every_form_that_changes_carries_its_token(page: Path) -> None:
    """Each form that is posted has the session's token in it."""
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page.read_text("utf-8"), re.DOTALL)
    assert [form for form in forms if "token()" not in form] == []
