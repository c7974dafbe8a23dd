"""One database and one user per service; more pairs for its people's keys, audit and checkpoints.

A user may read and write documents and make collections and indexes in its own database. It may
drop neither a collection nor the database, make no user, and see nothing of another service. Those
of the audit can add and look, in the one collection that is made for them, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, MongoClient
from pymongo.errors import OperationFailure

from shared.audit.checkpoints import CHECKPOINTS
from shared.audit.entries import ENTRIES
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

APPEND_ONLY = ("find", "insert")
"""What can neither be changed nor removed: update, remove, drop are refused with code 13."""

_ALREADY_THERE = {51002, 51003}
"""Codes of createRole and createUser for a name that exists."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user, the one database it may use, and that is all.

    With a `collection` it is that one alone, and `indexes` are made for it here, as the user may
    not. Each index is its fields, ascending.
    """

    user: str
    database: str
    actions: tuple[str, ...] = ACTIONS
    collection: str = ""
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def role(self) -> str:
        """The name of the role that holds this account's rights."""
        return f"{self.user}-own-database"


def accounts(services: Iterable[str], *, with_people: Sequence[str]) -> tuple[Account, ...]:
    """One account per service; for those who know people, more for keys, audit and checkpoints."""
    return (
        *(Account(service, service) for service in services),
        *(Account(f"{service}-keys", f"{service}_keys") for service in with_people),
        *(each for service in with_people for each in _append_only(service)),
    )


def _append_only(service: str) -> tuple[Account, Account]:
    # Who read about somebody, newest first; what was read in a month.
    indexes = (("subjects", "_id"), ("at", "_id"))
    return (
        Account(f"{service}-audit", f"{service}_audit", APPEND_ONLY, ENTRIES, indexes),
        Account(f"{service}-checkpoints", f"{service}_checkpoints", APPEND_ONLY, CHECKPOINTS),
    )


WITH_A_DATABASE = (*SERVICES, "web")

APART: tuple[Account, ...] = (Account("mentoring-identity", "mentoring_identity"),)
"""Who the people of a case are is kept apart from the cases, under a user of its own."""

ACCOUNTS: tuple[Account, ...] = (*accounts(WITH_A_DATABASE, with_people=SERVICES), *APART)
"""Everybody who may sign in, here and in production."""


def ensure_users(
    administrator: MongoClient[dict[str, Any]],
    wanted: Sequence[Account],
    passwords: Mapping[str, str],
) -> None:
    """Create or bring up to date every role, user and index. Doing it again changes nothing."""
    for account in wanted:
        resource = {"db": account.database, "collection": account.collection}
        privileges = [{"resource": resource, "actions": list(account.actions)}]
        _ensure(administrator, "Role", account.role, privileges=privileges, roles=[])
        _ensure(
            administrator,
            "User",
            account.user,
            pwd=passwords[account.user],
            roles=[{"role": account.role, "db": "admin"}],
            mechanisms=["SCRAM-SHA-256"],
        )
        for fields in account.indexes:
            rows = administrator[account.database][account.collection]
            rows.create_index([(field, ASCENDING) for field in fields], name=fields[0])


def _ensure(
    administrator: MongoClient[dict[str, Any]], kind: str, name: str, **fields: Any
) -> None:
    try:
        administrator.admin.command(f"create{kind}", name, **fields)
    except OperationFailure as error:
        if error.code not in _ALREADY_THERE:
            raise
        administrator.admin.command(f"update{kind}", name, **fields)
