"""Each API does what its OpenAPI document says, whatever is sent (schemathesis tries)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from deploy.local.data_folder import CHECKOUT
from deploy.local.identity.people import PEOPLE
from services.mentoring.api.case_models import ID
from shared.contracts.catalogue import SERVICES
from tests.privacy.test_canary import administrator
from tests.support.whole_copy import WholeCopy

_SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
_CONFIG = Path(__file__).parent / "schemathesis.toml"
_NEVER_END = "/(changes|stream)$"
EVERYBODY = tuple(dict.fromkeys(person.role for person in PEOPLE))
CAN_DO_MOST = {"mentoring": "case-lead", "publishing": "editor"}
"""Elsewhere it is the coordinator."""
QUICK = {
    "mentoring": ("--phases", "examples"),
    "publishing": ("--phases", "examples,fuzzing", "--max-examples", "2", "--seed", "7"),
}
"""What is left for the long run where everything would take most of a minute and more."""
FEW = ("--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--seed", "7")


def tried(copy: WholeCopy, service: str, who: str, *more: str) -> str:
    """Run schemathesis against one API as somebody; gives its words when it found something."""
    described = copy.described["services"][service]
    told = {
        "SCHEMATHESIS_HOOKS": "tests.contracts.schemathesis_hooks",
        "TRIED_TOKENS": f"{copy.described['identity']}/token",
        "TRIED_AS": f"username={who}&audience={service}",
    }
    done = subprocess.run(
        [
            *(str(_SCHEMATHESIS), "--config-file", str(_CONFIG), "run"),
            *(f"{described}/openapi.json", "--request-timeout", "60"),
            *("--exclude-path-regex", _NEVER_END, "--continue-on-failure", "--no-color"),
            *("--suppress-health-check", "all", "--warnings", "off", *more),
        ],
        cwd=CHECKOUT,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout[-6000:] + done.stderr[-2000:]


@pytest.fixture
def known(whole_copy: WholeCopy) -> None:
    """A case under the id of the examples, so that more is tried than that nothing is there."""
    mongo_url, _ = administrator(whole_copy)
    with MongoClient[dict[str, Any]](mongo_url) as client:
        cases = client["mentoring"]["cases"]
        if cases.find_one({"_id": ID}) is None:
            cases.insert_one({**_a_case(whole_copy, cases), "_id": ID, "phase": "active"})


def _a_case(copy: WholeCopy, cases: Collection[dict[str, Any]]) -> dict[str, Any]:
    """As it stands in the database, under a pseudonym of its own, with a mentor in the circle."""
    url = f"{copy.described['services']['mentoring']}/v1/cases"
    wanted = {"identity": {"name": "Kim Exempel", "birth_date": "2010-05-01"}}
    karin = copy.signed_in("karin.holm", "mentoring")
    made = httpx.post(url, json=wanted, headers=karin, timeout=30).raise_for_status().json()
    case = cases.find_one({"_id": made["id"]})
    assert case is not None
    case["circle"].append({**case["circle"][0], "username": "idris.vik", "kind": "mentor"})
    return {**case, "pseudonym": "Exempel-Exempel"}


def most(service: str) -> str:
    return CAN_DO_MOST.get(service, "coordinator")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_nothing(whole_copy: WholeCopy, known: None, service: str) -> None:
    """No 5xx, no undocumented status, no answer outside its schema, nothing wrong accepted."""
    found = tried(whole_copy, service, most(service), *QUICK.get(service, FEW))
    assert not found, found


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_nothing_in_many_tries(
    whole_copy: WholeCopy, known: None, service: str, who: str
) -> None:
    """The same with many more requests, as each role."""
    found = tried(whole_copy, service, who, "--max-examples", "60")
    assert not found, found


@pytest.mark.parametrize("service", SERVICES)
def test_each_operation_is_described(whole_copy: WholeCopy, service: str) -> None:
    """A person can read what each operation does, and try an example."""
    document = f"{whole_copy.described['services'][service]}/openapi.json"
    described = httpx.get(document, timeout=30).json()
    silent = [
        f"{method} {path}"
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if not (operation.get("description") and operation.get("summary"))
    ]
    assert described["paths"]
    assert silent == []
