"""Network rules in production: exactly the wanted edges, in Kubernetes and in compose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tests.unit.deploy.manifests import Entry, compose, of_kind

LABEL = "app.kubernetes.io/name"
APIS = {name for name in of_kind("Deployment") if name.endswith("-http")}
WORKERS = set(of_kind("Deployment")) - {*APIS, "web", "caddy"}
SENDERS = {"notifications-worker", "publishing-worker", "publishing-mailer"}

IN_THE_CLUSTER = {
    ("caddy", "web", 8000),
    *(("web", api, 8000) for api in APIS),
    *((process, "mongodb", 27017) for process in {*APIS, *WORKERS, "web", "database-users"}),
    *((worker, "broker", 5672) for worker in WORKERS),
    ("broker-topology", "broker", 15672),
}
OUTSIDE = {
    *((process, 443) for process in {*APIS, "web", "caddy"}),
    *((process, port) for process in SENDERS for port in (25, 443, 465, 587)),
    ("publishing-feeds", 443),
}


def rules(direction: str) -> Iterator[tuple[str, Entry, int]]:
    """(the pods that a rule is for, one peer, one port) of every rule of one direction."""
    sides = {"ingress": "from", "egress": "to"}
    for policy in of_kind("NetworkPolicy").values():
        selected = policy["spec"]["podSelector"].get("matchLabels", {}).get(LABEL, "*")
        for rule in policy["spec"].get(direction, []):
            for peer in rule.get(sides[direction], [{}]):
                for port in rule["ports"]:
                    yield selected, peer, port["port"]


def named(peer: Entry) -> str | None:
    """The pods that a peer means, when it means pods of ours."""
    found: str | None = peer.get("podSelector", {}).get("matchLabels", {}).get(LABEL)
    return found


def test_nobody_may_talk_to_begin_with() -> None:
    """Without a rule of its own a pod can neither be reached nor reach out."""
    spec = of_kind("NetworkPolicy")["deny-all"]["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_exactly_the_wanted_edges_are_open() -> None:
    """Only web reaches an API, only workers reach the broker; each edge is open at both ends."""
    into = {(named(peer), pods, port) for pods, peer, port in rules("ingress") if named(peer)}
    out = {(pods, named(peer), port) for pods, peer, port in rules("egress") if named(peer)}
    among = {edge for edge in into if edge[0] == edge[1]}
    assert {edge[0] for edge in among} == {"mongodb", "broker"}
    assert into == out
    assert into - among == IN_THE_CLUSTER


def test_few_may_come_in_and_go_out() -> None:
    """The world reaches caddy alone, and only those with business there reach the world."""
    anybody = {(pods, port) for pods, peer, port in rules("ingress") if not peer}
    assert anybody == {("caddy", 8080), ("caddy", 8443)}
    operators = {
        (pods, port) for pods, peer, port in rules("ingress") if "namespaceSelector" in peer
    }
    assert operators == {("broker", 15672), ("broker", 5672)}
    leaving = {(pods, port) for pods, peer, port in rules("egress") if "ipBlock" in peer}
    assert leaving == OUTSIDE
    asking = {(pods, port) for pods, peer, port in rules("egress") if "namespaceSelector" in peer}
    assert asking == {("*", 53)}


def test_in_compose_only_neighbours_share_a_network() -> None:
    """A process shares a network with those whom it asks and those who ask it, and nobody else."""
    services = compose()["services"]
    inside: dict[str, set[str]] = {}
    for name, service in services.items():
        for network in service.get("networks", []):
            inside.setdefault(network, set()).add(name)
    processes = {*APIS, *WORKERS, "web"}
    together = {
        frozenset(pair)
        for names in inside.values()
        for pair in combinations(sorted(names), 2)
        if set(pair) & {*processes, "caddy"}
    }
    wanted = {frozenset(edge[:2]) for edge in IN_THE_CLUSTER} - {
        frozenset({"database-users", "mongodb"}),
        frozenset({"broker-topology", "broker"}),
    }
    beside = {frozenset({process, "keycloak"}) for process in {*APIS, "web", "caddy"}}
    mail = {frozenset({process, "mailpit"}) for process in SENDERS}
    assert together == wanted | beside | mail


def test_in_compose_only_the_way_in_is_open_to_the_world() -> None:
    """Caddy alone has ports of the machine; others that have one have it on loopback."""
    services = compose()["services"]
    open_ports = {
        name: service["ports"] for name, service in services.items() if "ports" in service
    }
    assert open_ports.pop("caddy") == ["80:8080", "443:8443"]
    assert all(port.startswith("127.0.0.1:") for ports in open_ports.values() for port in ports)
    closed = {name for name, about in compose()["networks"].items() if about.get("internal")}
    leaving = {name for name, s in services.items() if set(s.get("networks", [])) - closed}
    assert leaving == {"caddy", *SENDERS, "publishing-feeds", "mailpit"}
