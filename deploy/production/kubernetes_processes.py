"""Our processes in Kubernetes: a Deployment each, a Service for those that are asked, scaling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.production.kubernetes_parts import (
    INSTALLATION,
    SECRET,
    about,
    container,
    disruption_budget,
    labels,
    pod,
    probes,
    service,
)
from deploy.production.processes import PORT, Process, processes
from deploy.production.told import PREFIX, SECRETS_FOLDER, told

Entry = dict[str, Any]

_AT_ONCE = "50"
"""Messages waiting per worker; more of them start another worker."""
_MOST_WORKERS = 4
_LEAVING = 5
"""Seconds in which the network learns that a pod is going, before it stops taking requests."""


def workloads() -> Iterator[Entry]:
    """Every object of every process."""
    for process in processes():
        yield _deployment(process)
        yield disruption_budget(process.name)
        if process.kind == "http":
            yield service(process.name, [("http", PORT, PORT)])


def scaling() -> Iterator[Entry]:
    """Workers grow with their queues. Whoever counts has a broker user without any right."""
    by_secret = {"parameter": "host", "name": SECRET, "key": "scaler-amqp-url"}
    yield about(
        "TriggerAuthentication",
        "queue-length",
        api="keda.sh/v1alpha1",
        spec={"secretTargetRef": [by_secret]},
    )
    for process in processes():
        if process.listens:
            yield _scaled(process)


def _scaled(process: Process) -> Entry:
    return about(
        "ScaledObject",
        process.name,
        api="keda.sh/v1alpha1",
        spec={
            "scaleTargetRef": {"name": process.name},
            "minReplicaCount": 1,
            "maxReplicaCount": _MOST_WORKERS,
            "pollingInterval": 15,
            "cooldownPeriod": 300,
            "triggers": [_trigger(queue) for queue in process.listens],
        },
    )


def _trigger(queue: str) -> Entry:
    return {
        "type": "rabbitmq",
        "metadata": {
            "protocol": "amqp",
            "queueName": queue,
            "mode": "QueueLength",
            "value": _AT_ONCE,
        },
        "authenticationRef": {"name": "queue-length"},
    }


def _deployment(process: Process) -> Entry:
    answers = told(process)
    leaving: Entry = {"lifecycle": {"preStop": {"sleep": {"seconds": _LEAVING}}}}
    running = container(
        process.name,
        "service",
        cpu="100m",
        memory="512Mi",
        command=process.command,
        env=[
            *(_env(name, value) for name, value in answers.fixed.items()),
            *(_decided(name) for name in answers.decided),
            {"name": "SAFESPACE_SECRETS", "value": SECRETS_FOLDER},
        ],
        ports=[{"containerPort": port} for port in sorted(_ports(process))],
        **probes(process.health_port),
        **(leaving if process.kind == "http" else {}),
    )
    mounted = {(PREFIX + name).lower(): secret for name, secret in answers.secrets.items()}
    spec: Entry = {
        # A scaled worker's number is not ours to say.
        **({} if process.listens else {"replicas": 2 if process.kind == "http" else 1}),
        "selector": {"matchLabels": labels(process.name)},
        "template": {
            "metadata": {"labels": labels(process.name)},
            "spec": {**pod(running, secrets=mounted), **_apart(process.name)},
        },
    }
    return about("Deployment", process.name, api="apps/v1", spec=spec)


def _ports(process: Process) -> set[int]:
    serving = {PORT} if process.kind == "http" else set()
    return serving | {process.health_port}


def _apart(name: str) -> Entry:
    """Two of a kind on two machines, when there are two."""
    return {
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": labels(name)},
            }
        ]
    }


def _env(setting: str, value: str) -> Entry:
    return {"name": PREFIX + setting.upper(), "value": value}


def _decided(setting: str) -> Entry:
    name = PREFIX + setting.upper()
    return {"name": name, "valueFrom": {"configMapKeyRef": {"name": INSTALLATION, "key": name}}}
