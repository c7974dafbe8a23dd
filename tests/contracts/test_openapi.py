"""Each API does what its OpenAPI document says, whatever is sent (schemathesis tries)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from shared.contracts.catalogue import SERVICES
from tests.support.whole_copy import WholeCopy

_SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
_CONFIG = Path(__file__).parent / "schemathesis.toml"
_NEVER_END = "/(changes|stream)$"


def tried(copy: WholeCopy, service: str, who: str, *more: str) -> str:
    """Run schemathesis against one API as somebody; gives its words when it found something."""
    described = copy.described["services"][service]
    token = copy.token(who, service)
    done = subprocess.run(
        [
            *(str(_SCHEMATHESIS), "--config-file", str(_CONFIG), "run"),
            *(f"{described}/openapi.json", "-H", f"Authorization: Bearer {token}"),
            *("--exclude-path-regex", _NEVER_END, "--continue-on-failure", "--no-color"),
            *("--suppress-health-check", "all", "--warnings", "off", *more),
        ],
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_nothing(whole_copy: WholeCopy, service: str) -> None:
    """No 5xx, no undocumented status, no answer outside its schema, nothing wrong accepted."""
    few = ("--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--seed", "7")
    found = tried(whole_copy, service, "coordinator", *few)
    assert not found, found


@pytest.mark.long
@pytest.mark.parametrize("who", ["coordinator", "operator", "leyla.sjo"])
@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_nothing_in_many_tries(
    whole_copy: WholeCopy, service: str, who: str
) -> None:
    """The same with many more requests, as each role."""
    found = tried(whole_copy, service, who, "--max-examples", "60")
    assert not found, found


@pytest.mark.parametrize("service", SERVICES)
def test_each_operation_is_described(whole_copy: WholeCopy, service: str) -> None:
    """A person can read what each operation does, and try an example."""
    described = httpx.get(f"{whole_copy.described['services'][service]}/openapi.json").json()
    silent = [
        f"{method} {path}"
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if not (operation.get("description") and operation.get("summary"))
    ]
    assert described["paths"]
    assert silent == []
