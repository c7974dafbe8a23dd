"""No route of a case is left out when everybody is tried on everything."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from services.mentoring.domain.rights import ACTIONS, GROUPS
from tests.contracts.test_asked_once import Issuer, app_of, issuer  # noqa: F401
from tests.integration.mentoring.weighed_routes import ROUTES
from tests.unit.mentoring.rules_in_words import given_by

OF_A_CASE = "/v1/cases"
NOBODYS_CASE = {("POST", "/v1/cases")}
"""Opening a case: there is none yet, so that the role alone decides."""


def described(app: FastAPI) -> dict[str, Any]:
    paths: dict[str, Any] = app.openapi()["paths"]
    return paths


async def test_every_route_of_a_case_is_weighed(issuer: Issuer) -> None:  # noqa: F811
    """Whoever adds a route says in `weighed_routes.py` what asking it means, and it is tried."""
    there = {
        (method.upper(), path)
        for path, operations in described(app_of("mentoring", issuer.url)).items()
        for method in operations
        if path.startswith(OF_A_CASE)
    }
    assert there - {each.route for each in ROUTES} == NOBODYS_CASE
    assert {each.route for each in ROUTES} - there == set()


def test_what_a_route_is_weighed_as_exists() -> None:
    """Each row is somebody's right in some phase: a row that nobody may do tests nothing."""
    assert {each.action for each in ROUTES} <= set(ACTIONS)
    assert {each.group for each in ROUTES} <= set(GROUPS)
    given = {(cell.action, cell.group) for cell in given_by()}
    assert [each for each in ROUTES if (each.action, each.group) not in given] == []
