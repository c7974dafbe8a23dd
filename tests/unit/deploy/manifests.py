"""The committed manifests as data: what stands in the files, not what the code would write."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
SECRETS = "/run/secrets/safespace"
Entry = dict[str, Any]


@cache
def compose() -> Entry:
    """deploy/compose.yaml."""
    found: Entry = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


@cache
def objects() -> tuple[Entry, ...]:
    """Every object that the Kubernetes base names."""
    base = DEPLOY / "kubernetes" / "base"
    listed = yaml.safe_load((base / "kustomization.yaml").read_text("utf-8"))["resources"]
    texts = [(base / name).read_text("utf-8") for name in listed]
    return tuple(each for text in texts for each in yaml.safe_load_all(text))


def of_kind(kind: str) -> dict[str, Entry]:
    """Objects of one kind by name."""
    return {each["metadata"]["name"]: each for each in objects() if each["kind"] == kind}


def pods() -> dict[str, Entry]:
    """The pod of every workload, by the workload's name."""
    kinds = ("Deployment", "StatefulSet", "Job")
    return {
        name: each["spec"]["template"]["spec"]
        for kind in kinds
        for name, each in of_kind(kind).items()
    }


def ours() -> dict[str, str]:
    """Each process that the folder of services holds → its service: counted without the table."""
    folders = [path.parent.name for path in DEPLOY.parent.glob("services/*/main.py")]
    also = {"publishing": ("mailer", "feeds")}
    return {
        name: service
        for service in folders
        for name in (
            ["web"]
            if service == "web"
            else [f"{service}-{kind}" for kind in ("http", "worker", *also.get(service, ()))]
        )
    }


def compose_told(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """What compose gives a process: environment, and file in its secrets folder → secret."""
    service = compose()["services"][name]
    files = {entry["target"]: entry["source"] for entry in service["secrets"]}
    return service["environment"], {
        target.removeprefix(SECRETS + "/"): source for target, source in files.items()
    }


def kubernetes_told(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """What Kubernetes gives a process: environment, and file in its secrets folder → secret."""
    pod = pods()[name]
    (container,) = pod["containers"]
    told = {one["name"]: str(one.get("value", one.get("valueFrom"))) for one in container["env"]}
    volume = next(volume for volume in pod["volumes"] if volume["name"] == "secrets")
    return told, {item["path"]: item["key"] for item in volume["secret"]["items"]}


def example_environment(path: str) -> dict[str, str]:
    """An example of installation.env."""
    lines = (DEPLOY / path).read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
