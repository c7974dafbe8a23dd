"""What must know every service does: lists that a program cannot derive are compared with it."""

from __future__ import annotations

import subprocess
import tomllib
from typing import Any

import pytest

from services.web.settings import Settings as FrontDoor
from shared.contracts.catalogue import SERVICES
from tests.architecture.test_the_house import ROOT

LAYERS = "inside a service everything points at the domain"


def contract(name: str) -> dict[str, Any]:
    """One of the import contracts in pyproject.toml."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [found] = [
        each for each in written["tool"]["importlinter"]["contracts"] if each["name"] == name
    ]
    return dict(found)


def folders() -> set[str]:
    """Services as they are committed: whatever has a composition root, but for the front door."""
    tracked = subprocess.run(
        ["git", "ls-files", "services/*/main.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return {path.split("/")[1] for path in tracked} - {"web"}


def test_the_catalogue_names_every_service() -> None:
    """A service tells or hears something: else it has no database, user, queue or process."""
    assert folders() == set(SERVICES), "name its events in shared/contracts/catalogue.py"


@pytest.mark.parametrize("service", SERVICES)
def test_the_layers_hold_for_every_service(service: str) -> None:
    """Inside each service imports are checked; a container that is not named is not looked at."""
    assert f"services.{service}" in contract(LAYERS)["containers"], (
        f'add "services.{service}" to the containers of "{LAYERS}" in pyproject.toml'
    )


@pytest.mark.parametrize("service", SERVICES)
def test_the_front_door_has_an_address_for_every_service(service: str) -> None:
    """What is asked of `/api/<service>/…` goes somewhere."""
    assert f"{service}_url" in FrontDoor.model_fields, (
        f"add {service}_url to the settings of services/web, and to its `services`"
    )


def test_own_rooms_are_introduced() -> None:
    """A room of Python that only some services have stands in brackets among the layers."""
    layers = contract(LAYERS)
    assert layers["exhaustive"] is True
    named = {room.strip(" ()") for layer in layers["layers"] for room in str(layer).split("|")}
    rooms = {
        path.name
        for service in SERVICES
        for path in (ROOT / "services" / service).iterdir()
        if (path / "__init__.py").exists()
    }
    assert rooms <= named
