"""copy.json (0600): what the command line needs to know of a copy that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.local.servers import Servers
from deploy.local.table import LOOPBACK, Table
from deploy.rabbitmq.users import WATCHER
from shared.contracts.catalogue import ENGINES, SERVICES


def describe(
    table: Table, servers: Servers, *, ready: bool, pids: Mapping[str, int]
) -> dict[str, Any]:
    """Addresses, process ids, and whether everything is ready."""
    return {
        "ready": ready,
        "front_door": table.front_door,
        "services": {
            **{service: table.url(f"{service}-http") for service in SERVICES},
            "web": table.url("web"),
        },
        "web_health": table.processes["web"].health_url,
        "workers": {service: table.url(f"{service}-worker") for service in SERVICES},
        "engines": {
            name: table.url(name)
            for service, engines in ENGINES.items()
            for name in (f"{service}-{engine}" for engine in engines)
        },
        "audit_keys": {service: table.audit_key(service) for service in SERVICES},
        "sms_sink": table.url("sinks"),
        "smtp_sink": f"{LOOPBACK}:{table.smtp_port}",
        "identity": table.url("identity"),
        "mongodb": {"port": servers.mongod.port},
        "amqp": {"port": servers.rabbit.port, "watcher_url": servers.amqp_url(WATCHER)},
        "pids": dict(pids),
    }
