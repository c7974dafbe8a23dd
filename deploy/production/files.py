"""Every generated file as {path below deploy/: text}; byte-stable for the same code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml  # type: ignore[import-untyped]

from deploy.production import kubernetes_network, kubernetes_processes, kubernetes_servers
from deploy.production.compose import compose
from deploy.production.kubernetes_parts import NAMESPACE
from deploy.production.realm import realm

_HEAD = "# Written by `make docs` from deploy/production; changes here are lost.\n"


def files() -> Mapping[str, str]:
    """Compose, Kubernetes, and the realm."""
    objects = {
        "namespace.yaml": [_namespace()],
        "mongodb.yaml": kubernetes_servers.mongodb(),
        "broker.yaml": kubernetes_servers.broker(),
        "processes.yaml": kubernetes_processes.workloads(),
        "scaling.yaml": kubernetes_processes.scaling(),
        "front.yaml": kubernetes_servers.front(),
        "network.yaml": kubernetes_network.network_rules(),
    }
    base = "kubernetes/base"
    return {
        "compose.yaml": _yaml(compose()),
        "keycloak/realm.json": json.dumps(realm(), indent=2, ensure_ascii=False) + "\n",
        **{f"{base}/{name}": _yaml(*documents) for name, documents in objects.items()},
        f"{base}/kustomization.yaml": _yaml(_kustomization(list(objects))),
    }


def _kustomization(resources: list[str]) -> dict[str, Any]:
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": NAMESPACE,
        "resources": resources,
    }


def _namespace() -> dict[str, Any]:
    """Pods that ask for more than the profile `restricted` allows are refused."""
    kept = {
        f"pod-security.kubernetes.io/{what}": "restricted" for what in ("enforce", "audit", "warn")
    }
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": NAMESPACE, "labels": kept},
    }


def _yaml(*documents: Any) -> str:
    text = yaml.dump_all(
        documents, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return _HEAD + str(text)


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    """Says everything where it stands: no anchors."""

    def represent_str(self, data: str) -> Any:
        """A text of several lines as it reads."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


_Plain.add_representer(str, _Plain.represent_str)
