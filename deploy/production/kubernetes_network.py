"""Network rules in Kubernetes: nobody may talk to anybody, and then the edges, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.production.kubernetes_parts import about, labels
from deploy.production.processes import BROKER, CADDY, MONGODB, Edge, edges

Entry = dict[str, Any]

_METADATA_NAME = "kubernetes.io/metadata.name"
_CLUSTERING = [4369, 25672, *range(35672, 35683)]
"""RabbitMQ's nodes among themselves, and its command line tools."""

_PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"]


def network_rules() -> Iterator[Entry]:
    """All of them. A rule is named after whom it lets in, or out."""
    yield _rule("deny-all", {}, ingress=[], egress=[])
    yield _rule("everybody-asks-names", {}, egress=[_names()])
    yield _rule("visitors-to-caddy", labels(CADDY), ingress=[{"ports": _ports(8080, 8443)}])
    yield _rule(
        "operator-and-scaler-to-broker",
        labels(BROKER),
        ingress=[
            {"from": [_in_namespace("rabbitmq-system")], "ports": _ports(15672)},
            {"from": [_in_namespace("keda")], "ports": _ports(5672)},
        ],
    )
    yield from _among_themselves(MONGODB, [27017])
    yield from _among_themselves(BROKER, _CLUSTERING)
    for edge in edges("kubernetes"):
        yield from _edge(edge)


def _edge(edge: Edge) -> Iterator[Entry]:
    ports = _ports(*edge.ports)
    name = f"{edge.client}-to-{edge.server}"
    if edge.outside:
        rule = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": _PRIVATE}}], "ports": ports}
        yield _rule(name, labels(edge.client), egress=[rule])
        return
    out = {"to": [_pods(edge.server)], "ports": ports}
    yield _rule(f"{name}-out", labels(edge.client), egress=[out])
    into = {"from": [_pods(edge.client)], "ports": ports}
    yield _rule(f"{name}-in", labels(edge.server), ingress=[into])


def _among_themselves(name: str, ports: list[int]) -> Iterator[Entry]:
    listed = _ports(*ports)
    yield _rule(
        f"{name}-among-themselves",
        labels(name),
        ingress=[{"from": [_pods(name)], "ports": listed}],
        egress=[{"to": [_pods(name)], "ports": listed}],
    )


def _names() -> Entry:
    ports = [{"protocol": kind, "port": 53} for kind in ("UDP", "TCP")]
    return {"to": [_in_namespace("kube-system")], "ports": ports}


def _rule(
    name: str,
    selected: Entry,
    *,
    ingress: list[Entry] | None = None,
    egress: list[Entry] | None = None,
) -> Entry:
    spec: Entry = {"podSelector": {"matchLabels": selected} if selected else {}, "policyTypes": []}
    for direction, rules in (("Ingress", ingress), ("Egress", egress)):
        if rules is not None:
            spec["policyTypes"].append(direction)
            if rules:
                spec[direction.lower()] = rules
    return about("NetworkPolicy", name, api="networking.k8s.io/v1", spec=spec)


def _pods(name: str) -> Entry:
    return {"podSelector": {"matchLabels": labels(name)}}


def _in_namespace(name: str) -> Entry:
    return {"namespaceSelector": {"matchLabels": {_METADATA_NAME: name}}}


def _ports(*numbers: int) -> list[Entry]:
    return [{"protocol": "TCP", "port": number} for number in numbers]
