"""One database and one user per service, and a second pair for its wrapped per-person keys.

A user may read and write documents and make collections and indexes in its own database. It may
drop neither a collection nor the database, make no user, and see nothing of another service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from shared.contracts.catalogue import SERVICES

ACTIONS = (
    "changeStream",
    "collMod",
    "collStats",
    "createCollection",
    "createIndex",
    "dbStats",
    "dropIndex",
    "find",
    "insert",
    "listCollections",
    "listIndexes",
    "remove",
    "update",
)
"""What a service needs in its own database; see the privilege actions in MongoDB's manual."""

_ALREADY_THERE = {51002, 51003}
"""Codes of createRole and createUser for a name that exists."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user, the one database it may use, and that is all."""

    user: str
    database: str

    @property
    def role(self) -> str:
        """The name of the role that holds this account's rights."""
        return f"{self.user}-own-database"


def accounts(services: Iterable[str], *, with_keys: Sequence[str]) -> tuple[Account, ...]:
    """One account per service, and one more, for keys, for those in `with_keys`."""
    return (
        *(Account(service, service) for service in services),
        *(Account(f"{service}-keys", f"{service}_keys") for service in with_keys),
    )


WITH_A_DATABASE = (*SERVICES, "web")

ACCOUNTS: tuple[Account, ...] = accounts(WITH_A_DATABASE, with_keys=SERVICES)
"""Everybody who may sign in, here and in production."""


def ensure_users(
    administrator: MongoClient[dict[str, Any]],
    wanted: Sequence[Account],
    passwords: Mapping[str, str],
) -> None:
    """Create or bring up to date every role and user. Doing it again changes nothing."""
    for account in wanted:
        privileges = [
            {
                "resource": {"db": account.database, "collection": ""},
                "actions": list(ACTIONS),
            }
        ]
        _ensure(administrator, "Role", account.role, privileges=privileges, roles=[])
        _ensure(
            administrator,
            "User",
            account.user,
            pwd=passwords[account.user],
            roles=[{"role": account.role, "db": "admin"}],
            mechanisms=["SCRAM-SHA-256"],
        )


def _ensure(
    administrator: MongoClient[dict[str, Any]], kind: str, name: str, **fields: Any
) -> None:
    try:
        administrator.admin.command(f"create{kind}", name, **fields)
    except OperationFailure as error:
        if error.code not in _ALREADY_THERE:
            raise
        administrator.admin.command(f"update{kind}", name, **fields)
