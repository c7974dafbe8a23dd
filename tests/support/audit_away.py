"""A service whose audit cannot be written to for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient

from tests.support.servers import RealServers


@contextmanager
def audit_away(servers: RealServers, service: str) -> Iterator[None]:
    """The user of the service's audit may not add any more."""
    user = f"{service}-audit"
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
        roles = [{"role": f"{user}-own-database", "db": "admin"}]
        administrator.admin.command("revokeRolesFromUser", user, roles=roles)
        try:
            yield
        finally:
            administrator.admin.command("grantRolesToUser", user, roles=roles)
