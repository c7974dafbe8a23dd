"""The house rules that are programs: sizes, names, words, and who may know whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared.contracts.catalogue import SERVICES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("services", "shared", "deploy")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc", "base"}
ROOMS = {
    "domain",
    "use_cases",
    "storage",
    "messaging",
    "api",
    "policy.py",
    "settings.py",
    "house.py",
    "main.py",
}
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*folders: str) -> tuple[Path, ...]:
    return tuple(
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def long_functions(paths: tuple[Path, ...], longest: int) -> list[str]:
    return [
        f"{where(path)}:{node.lineno} {node.name}"
        for path in paths
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > longest
    ]


def long_files(paths: tuple[Path, ...], longest: int) -> list[str]:
    return [where(path) for path in paths if len(path.read_text("utf-8").splitlines()) > longest]


def test_files_are_short() -> None:
    """No file is longer than 300 lines."""
    assert long_files(files(*SOURCE, "tests"), LONGEST_FILE) == []
    assert long_files(files(*SOURCE), 20), "the measure itself works"


def test_functions_are_short() -> None:
    """No function is longer than 50 lines."""
    assert long_functions(files(*SOURCE, "tests"), LONGEST_FUNCTION) == []
    assert long_functions(files(*SOURCE), 5), "the measure itself works"


def test_no_drawers() -> None:
    """No module is named for not knowing where to put things."""
    named = {path.stem for path in files(*SOURCE, "tests")} | {
        path.parent.name for path in files(*SOURCE, "tests")
    }
    assert named.isdisjoint(DRAWERS)


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_have_the_same_rooms(service: str) -> None:
    """Learn one service, know them all: the same rooms, and a README that introduces them."""
    folder = ROOT / "services" / service
    found = {
        path.name
        for path in folder.iterdir()
        if not path.name.startswith("__") and path.name != "README.md"
    }
    assert ROOMS - found == set(), f"services/{service} lacks rooms that every service has"
    assert (folder / "README.md").exists()


def test_modules_say_what_they_are() -> None:
    """Every module of the source opens with a docstring."""
    silent = [
        where(path)
        for path in files(*SOURCE)
        if path.read_text("utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_each_test_is_a_promise() -> None:
    """Every test says in words what it keeps."""
    silent = [
        f"{where(path)}:{node.lineno} {node.name}"
        for path in files("tests")
        for node in functions(path)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name:
                yield name, node.lineno


def callers(name: str, outside: str) -> list[str]:
    return [
        f"{where(path)}:{line}"
        for path in files("services", "shared")
        if not where(path).startswith(outside)
        for called, line in calls(path)
        if called == name
    ]


def test_only_the_broker_room_makes_brokers() -> None:
    """The unsafe defaults of the libraries are out of reach outside shared/broker."""
    assert callers("RabbitBroker", "shared/broker") == []
    assert callers("connect_robust", "shared/broker") == []
    assert callers("Envelope", "nowhere"), "the measure itself works"


def test_only_the_audit_says_that_something_is_recorded() -> None:
    """What opens a seal is made by the audit alone, after the entry is committed."""
    assert callers("Receipt", "shared/audit") == []
    assert callers("Receipt", "nowhere"), "the measure itself works"


def test_nothing_can_swallow_a_cancellation() -> None:
    """`asyncio.wait_for` can, before Python 3.12; `asyncio.timeout` and `asyncio.wait` cannot."""
    called = [(where(path), *call) for path in files(*SOURCE) for call in calls(path)]
    assert [call for call in called if call[1] == "wait_for"] == []
    assert [call for call in called if call[1] == "timeout"], "the measure itself works"


def test_the_domain_has_no_clock_and_no_waiting() -> None:
    """Domain code is told the time, and never waits."""
    wrong = [
        f"{where(path)}:{node.lineno}"
        for service in SERVICES
        for path in files(f"services/{service}/domain")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        or (
            (isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"})
            and isinstance(node.value, ast.Name)
            and node.value.id in {"datetime", "date", "time"}
        )
    ]
    assert wrong == []


def test_nobody_knows_whom_they_may_not() -> None:
    """The import contracts in pyproject.toml hold."""
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_commit_carries_no_registry_address() -> None:
    """No lock, script or page names a package registry's host."""
    hosts = ("pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb." + "debian")
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    found = [
        name
        for name in tracked
        if name and (ROOT / name).is_file() and name != "uv.lock"
        for text in [(ROOT / name).read_bytes()]
        if any(host.encode() in text for host in hosts)
    ]
    assert found == []
    assert "uv.lock" not in tracked
