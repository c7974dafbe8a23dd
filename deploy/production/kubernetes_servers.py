"""MongoDB, RabbitMQ and Caddy in Kubernetes, and the one-shot jobs that prepare the servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.mongodb import ACCOUNTS
from deploy.production.images import MONGODB as MONGODB_IMAGE
from deploy.production.images import RABBITMQ
from deploy.production.kubernetes_parts import (
    INSTALLATION,
    about,
    container,
    disruption_budget,
    labels,
    pod,
    service,
)
from deploy.production.processes import BROKER, CADDY, DATABASE_JOB, MONGODB, TOPOLOGY_JOB
from deploy.production.told import SECRETS_FOLDER
from deploy.rabbitmq.__main__ import URLS

Entry = dict[str, Any]

_DEPLOY = Path(__file__).resolve().parents[1]
_DATABASE_USER = 999
"""As MongoDB's image names it."""


def mongodb() -> Iterator[Entry]:
    """A replica set of three, with the same start as in compose, and the job that forms it."""
    yield _file("mongodb-start", "start.sh", _DEPLOY / "mongodb" / "start.sh")
    # Before the set has a primary its members are not ready, and must find each other all the same.
    yield service(
        MONGODB, [("mongodb", 27017, 27017)], clusterIP="None", publishNotReadyAddresses=True
    )
    yield disruption_budget(MONGODB)
    yield about("StatefulSet", MONGODB, api="apps/v1", spec=_members())
    urls = [f"{account.user}-mongodb-url" for account in ACCOUNTS]
    yield _job(
        DATABASE_JOB, ["python", "-m", "deploy.mongodb"], ["mongodb-administrator-url", *urls]
    )


def _members() -> Entry:
    ping = {"exec": {"command": ["mongosh", "--quiet", "--eval", "db.adminCommand('ping').ok"]}}
    member = container(
        MONGODB,
        MONGODB_IMAGE,
        cpu="500m",
        memory="2Gi",
        command=["bash", "/start/start.sh"],
        env=[{"name": "HOME", "value": "/tmp"}],  # noqa: S108
        ports=[{"name": "mongodb", "containerPort": 27017}],
        livenessProbe={**ping, "periodSeconds": 30, "timeoutSeconds": 10, "failureThreshold": 6},
        readinessProbe={**ping, "periodSeconds": 15, "timeoutSeconds": 10},
        mounts=[
            {"name": "data", "mountPath": "/data/db"},
            {"name": "start", "mountPath": "/start", "readOnly": True},
            {"name": "configdb", "mountPath": "/data/configdb"},
        ],
    )
    secrets = {name: name for name in ("mongodb-keyfile", "mongodb-administrator-password")}
    volumes = [
        {"name": "start", "configMap": {"name": "mongodb-start"}},
        {"name": "configdb", "emptyDir": {}},
    ]
    spec = pod(member, secrets=secrets, volumes=volumes, user=_DATABASE_USER, grace=60)
    return {
        "serviceName": MONGODB,
        "replicas": 3,
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": labels(MONGODB)},
        "template": {
            "metadata": {"labels": labels(MONGODB)},
            "spec": {**spec, "affinity": {"podAntiAffinity": _never_together(MONGODB)}},
        },
        "volumeClaimTemplates": [_claim("data", "20Gi")],
    }


def broker() -> Iterator[Entry]:
    """For the Cluster Operator: three nodes; the topology is brought by a job of ours.

    From RabbitMQ 4.1 on nodes find each other by name, and need not ask the cluster's API.
    """
    yield about(
        "RabbitmqCluster",
        BROKER,
        api="rabbitmq.com/v1beta1",
        spec={
            "image": RABBITMQ,
            "replicas": 3,
            "resources": {
                "requests": {"cpu": "500m", "memory": "2Gi"},
                "limits": {"cpu": "2", "memory": "2Gi"},
            },
            "persistence": {"storage": "20Gi"},
            "terminationGracePeriodSeconds": 600,
            "rabbitmq": {
                "additionalConfig": (
                    "cluster_partition_handling = pause_minority\n"
                    "disk_free_limit.absolute = 2GB\n"
                    "log.console.formatter = json\n"
                ),
            },
            "affinity": {"podAntiAffinity": _never_together(BROKER)},
            "override": {"statefulSet": {"spec": {"template": {"spec": _broker_restricted()}}}},
        },
    )
    yield disruption_budget(BROKER)
    yield _topology_job()


def _broker_restricted() -> Entry:
    """What the profile `restricted` demands beyond what the operator says of its pods."""
    quiet = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "rabbitmq", "securityContext": quiet}],
        "initContainers": [{"name": "setup-container", "securityContext": quiet}],
    }


def _topology_job() -> Entry:
    """The operator keeps its administrator in a Secret of its own; the job borrows it."""
    job = _job(TOPOLOGY_JOB, ["python", "-m", "deploy.rabbitmq", "apply"], list(URLS.values()))
    items = [{"key": key, "path": f"broker-{key}"} for key in ("username", "password")]
    volumes = job["spec"]["template"]["spec"]["volumes"]
    own = volumes[1].pop("secret")
    volumes[1]["projected"] = {
        "defaultMode": own["defaultMode"],
        "sources": [
            {"secret": {"name": own["secretName"], "items": own["items"]}},
            {"secret": {"name": f"{BROKER}-default-user", "items": items}},
        ],
    }
    return job


def front() -> Iterator[Entry]:
    """Caddy, the same image as in compose. One: its certificates are on its own disk."""
    yield about("PersistentVolumeClaim", CADDY, spec=_claim(CADDY, "1Gi")["spec"])
    yield service(
        CADDY,
        [("http", 80, 8080), ("https", 443, 8443)],
        type="LoadBalancer",
        # Else every visitor would come from the address of a machine in the cluster.
        externalTrafficPolicy="Local",
    )
    key = "SAFESPACE_FRONT_DOOR"
    listens = {"tcpSocket": {"port": 8443}, "periodSeconds": 10}
    running = container(
        CADDY,
        "caddy",
        cpu="100m",
        memory="256Mi",
        env=[{"name": key, "valueFrom": {"configMapKeyRef": {"name": INSTALLATION, "key": key}}}],
        ports=[{"name": "http", "containerPort": 8080}, {"name": "https", "containerPort": 8443}],
        livenessProbe=listens,
        readinessProbe=listens,
        mounts=[
            {"name": "data", "mountPath": "/data"},
            {"name": "config", "mountPath": "/config"},
        ],
    )
    volumes = [
        {"name": "data", "persistentVolumeClaim": {"claimName": CADDY}},
        {"name": "config", "emptyDir": {}},
    ]
    spec = pod(running, secrets={"front-door-secret": "front-door-secret"}, volumes=volumes)
    yield about(
        "Deployment",
        CADDY,
        api="apps/v1",
        spec={
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": labels(CADDY)},
            "template": {"metadata": {"labels": labels(CADDY)}, "spec": spec},
        },
    )


def _job(name: str, command: list[str], secrets: list[str]) -> Entry:
    running = container(
        name,
        "service",
        cpu="50m",
        memory="256Mi",
        command=command,
        env=[{"name": "SAFESPACE_SECRETS", "value": SECRETS_FOLDER}],
    )
    spec = pod(running, secrets={key: key for key in secrets}, restart="OnFailure")
    template = {"metadata": {"labels": labels(name)}, "spec": spec}
    # Gone after a while, so that applying the manifests again runs it again.
    return about(
        "Job",
        name,
        api="batch/v1",
        spec={"backoffLimit": 20, "ttlSecondsAfterFinished": 600, "template": template},
    )


def _file(name: str, key: str, path: Path) -> Entry:
    return {**about("ConfigMap", name), "data": {key: path.read_text("utf-8")}}


def _claim(name: str, storage: str) -> Entry:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}}
    return {"metadata": {"name": name}, "spec": spec}


def _never_together(name: str) -> Entry:
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": labels(name)}}
    return {"requiredDuringSchedulingIgnoredDuringExecution": [term]}
