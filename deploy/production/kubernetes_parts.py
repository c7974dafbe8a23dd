"""What every object and container in Kubernetes has: nothing that it does not need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deploy.production.images import OWN, VERSION
from deploy.production.processes import STOP_SECONDS
from deploy.production.told import SECRETS_FOLDER

Entry = dict[str, Any]

NAMESPACE = "safespace"
SECRET = "safespace"
"""The one Secret, made by the operator from the folder of secrets; a pod mounts its own of it."""
INSTALLATION = "installation"
"""The ConfigMap made from installation.env."""

_NAME = "app.kubernetes.io/name"


def labels(name: str) -> Entry:
    """By which a pod is found, by services and network rules alike."""
    return {_NAME: name}


def about(kind: str, name: str, *, api: str = "v1", spec: Entry | None = None) -> Entry:
    """The head of an object."""
    made: Entry = {
        "apiVersion": api,
        "kind": kind,
        "metadata": {
            "name": name,
            "labels": {**labels(name), "app.kubernetes.io/part-of": "safespace"},
        },
    }
    return made if spec is None else {**made, "spec": spec}


def pod(
    container: Entry,
    *,
    secrets: Mapping[str, str],
    volumes: Iterable[Entry] = (),
    user: int = 10001,
    grace: int = STOP_SECONDS,
    restart: str | None = None,
) -> Entry:
    """A pod of one container under the profile `restricted`, with its own secrets alone.

    `secrets` maps file names to keys of the Secret.
    """
    items = [{"key": key, "path": file} for file, key in secrets.items()]
    mounted = {"secretName": SECRET, "defaultMode": 0o440, "items": items}
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": grace,
        **({"restartPolicy": restart} if restart else {}),
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": user,
            "runAsGroup": user,
            "fsGroup": user,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
            {"name": "secrets", "secret": mounted},
            *volumes,
        ],
    }


def container(
    name: str,
    image: str,
    *,
    cpu: str,
    memory: str,
    mounts: Iterable[Entry] = (),
    **more: Any,
) -> Entry:
    """No root, no rights, no writable disk but /tmp and what is mounted."""
    return {
        "name": name,
        "image": f"{OWN[image]}:{VERSION}" if image in OWN else image,
        "imagePullPolicy": "IfNotPresent",
        **more,
        "resources": {
            "requests": {"cpu": cpu, "memory": memory},
            "limits": {"memory": memory},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - its own
            {"name": "secrets", "mountPath": SECRETS_FOLDER, "readOnly": True},
            *mounts,
        ],
    }


def probes(port: int) -> Entry:
    """Started, alive, able to work: asked of the process's own health routes."""
    return {
        "startupProbe": {**_get("/health/live", port), "periodSeconds": 2, "failureThreshold": 60},
        "livenessProbe": {**_get("/health/live", port), "periodSeconds": 10, "failureThreshold": 6},
        "readinessProbe": {**_get("/health/ready", port), "periodSeconds": 5, "timeoutSeconds": 4},
    }


def _get(path: str, port: int) -> Entry:
    return {"httpGet": {"path": path, "port": port}}


def service(name: str, ports: Iterable[tuple[str, int, int]], **more: Any) -> Entry:
    """A name on the network for pods of this label. Ports: name, port, port of the container."""
    listed = [{"name": n, "port": port, "targetPort": target} for n, port, target in ports]
    return about("Service", name, spec={"selector": labels(name), "ports": listed, **more})


def disruption_budget(name: str) -> Entry:
    """One at a time may be taken away on purpose."""
    return about(
        "PodDisruptionBudget",
        name,
        api="policy/v1",
        spec={"maxUnavailable": 1, "selector": {"matchLabels": labels(name)}},
    )
