"""Production's processes: all are there, and each is told what its settings ask, and no more."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from deploy.production.files import files
from deploy.production.processes import Process
from deploy.production.secret_store import GIVEN, Store
from deploy.production.told import NotTold, told
from shared.contracts.catalogue import SERVICES
from tests.unit.deploy.manifests import (
    DEPLOY,
    compose,
    compose_told,
    example_environment,
    kubernetes_told,
    of_kind,
    ours,
    pods,
)

PLACES = {"compose": compose_told, "kubernetes": kubernetes_told}
EXAMPLES = {
    "compose": "installation.env.example",
    "kubernetes": "kubernetes/example/installation.env",
}
PROCESSES = [name for name, service in sorted(ours().items()) if service in (*SERVICES, "web")]


def is_asked(name: str) -> bool:
    """Whether it serves requests."""
    return name == "web" or name.endswith("-http")


def settings_of(name: str) -> type[BaseSettings]:
    """The settings class of a process."""
    service, _, kind = name.partition("-")
    module: Any = import_module(f"services.{service}.settings")
    found: type[BaseSettings] = getattr(module, f"{kind.title()}Settings")
    return found


def test_the_files_are_fresh() -> None:
    """What is committed is what the code writes: run `make docs` when this fails."""
    stale = [
        name
        for name, text in files().items()
        if not (DEPLOY / name).exists() or (DEPLOY / name).read_text("utf-8") != text
    ]
    assert stale == []


@pytest.mark.parametrize("name", PROCESSES)
def test_every_process_is_there(name: str) -> None:
    """A service in the catalogue has its processes in compose and in Kubernetes."""
    service, _, kind = name.partition("-")
    command = ["python", "-m", f"services.{service}.main", kind or "http"]
    assert compose()["services"][name]["command"] == command
    assert pods()[name]["containers"][0]["command"] == command


def test_nothing_is_left_over() -> None:
    """A service that is gone leaves no process behind."""
    deployed = set(of_kind("Deployment")) - {"caddy"}
    started = {
        name
        for name, service in compose()["services"].items()
        if service.get("command", ["", "", ""])[2].startswith("services.")
    }
    assert deployed == started == set(PROCESSES)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", PROCESSES)
def test_each_is_told_what_it_asks(
    name: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the environment and files of the manifest, and nothing else, its settings are made."""
    environment, mounted = PLACES[place](name)
    store = tmp_path / "store"
    Store(store, "compose").make()
    for given in GIVEN:
        (store / given).write_text("given by somebody else\n")
    folder = tmp_path / "mounted"
    folder.mkdir()
    for file, secret in mounted.items():
        (folder / file).write_bytes((store / secret).read_bytes())
    decided = example_environment(EXAMPLES[place])
    known = {name: decided.get(name, value) for name, value in environment.items()}
    for variable, value in {**known, "SAFESPACE_SECRETS": str(folder)}.items():
        monkeypatch.setenv(variable, value)
    assert settings_of(name)().model_dump()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", PROCESSES)
def test_nothing_is_said_to_nobody(name: str, place: str) -> None:
    """Every name in a manifest is a setting of that process: a typing mistake is found here."""
    environment, mounted = PLACES[place](name)
    fields = settings_of(name).model_fields
    asked = {f"safespace_{field}" for field in fields}
    assert {n.lower() for n in environment} - {"safespace_secrets"} <= asked
    assert set(mounted) <= asked
    hidden = {
        f"safespace_{field}"
        for field, about in fields.items()
        if not about.repr or about.annotation in (SecretStr, SecretStr | None)
    }
    assert hidden == set(mounted), "all that is secret, and only that, comes as a file"


@pytest.mark.parametrize("place", PLACES)
def test_the_examples_answer_everything(place: str) -> None:
    """Whatever an installation must decide stands in its example."""
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")))
    referred = {
        one["valueFrom"]["configMapKeyRef"]["key"]
        for pod in pods().values()
        for one in pod["containers"][0].get("env", [])
        if "valueFrom" in one
    }
    wanted = {"compose": asked, "kubernetes": referred}[place]
    assert wanted
    assert wanted <= set(example_environment(EXAMPLES[place]))


def test_an_unanswered_question_stops_the_making() -> None:
    """A setting that nobody has an answer to is refused by name when the manifests are written."""

    class Asks(BaseSettings):
        """Wants something unheard of."""

        http_port: int
        favourite_colour: str

    with pytest.raises(NotTold, match="favourite_colour"):
        told(Process("booking", "http", Asks))


@pytest.mark.parametrize("name", PROCESSES)
def test_each_has_its_own_secrets_alone(name: str) -> None:
    """No process holds another service's secret, and only HTTP processes no user on the broker."""
    service = ours()[name]
    # Keycloak knows web by it; it is web's all the same.
    of_the_client = {"keycloak-web-client-secret"} if service == "web" else set()
    for place in PLACES.values():
        _, mounted = place(name)
        shared = {"front-door-secret", "callback-secret"} | of_the_client
        assert {s for s in mounted.values() if not s.startswith(f"{service}-")} <= shared
        assert any("amqp" in secret for secret in mounted.values()) != is_asked(name)


def test_secrets_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    """Making them again changes none, others cannot reach them, and what is missing is said."""
    folder = tmp_path / "secrets"
    assert Store(folder, "compose").make() == list(GIVEN)
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
    assert len(set(made.values())) == len(made), "no two alike"
    Store(folder, "compose").make()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made
    assert {*made, *GIVEN} == set(compose()["secrets"])
