"""Each service's database user is refused everything that is not its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection as MongoCollection
from pymongo.errors import OperationFailure

from deploy.mongodb import ACCOUNTS, ensure_users
from shared.audit.entries import ENTRIES
from shared.contracts.catalogue import SERVICES
from tests.support.servers import RealServers

Client = MongoClient[dict[str, Any]]
Collection = MongoCollection[dict[str, Any]]
_UNAUTHORIZED = 13


@pytest.fixture
def booking(servers: RealServers) -> Iterator[Client]:
    """The database as booking sees it."""
    with Client(servers.mongo_url("booking")) as client:
        client.booking.rights.insert_one({"mine": True})
        yield client
        client.booking.rights.delete_many({})


def in_a_transaction(client: Client) -> None:
    """Write and commit inside a transaction."""
    with client.start_session() as session, session.start_transaction():
        client.booking.rights.insert_one({"mine": True}, session=session)


OWN: dict[str, Callable[[Client], object]] = {
    "write": lambda c: c.booking.rights.update_one({}, {"$set": {"seen": True}}),
    "read": lambda c: c.booking.rights.find_one({}),
    "index": lambda c: c.booking.rights.create_index("mine"),
    "watch": lambda c: c.booking.rights.watch().close(),
    "transact": in_a_transaction,
    "list its collections": lambda c: c.booking.list_collection_names(),
}

NOT_ITS_OWN: dict[str, Callable[[Client], object]] = {
    "read another service's database": lambda c: c.notifications.deliveries.find_one({}),
    "write to another service's database": lambda c: c.notifications.deliveries.insert_one({}),
    "read its own keys with its everyday user": lambda c: c.booking_keys.person_keys.find_one({}),
    "drop a collection": lambda c: c.booking.rights.drop(),
    "drop its database": lambda c: c.drop_database("booking"),
    "make a user": lambda c: c.booking.command("createUser", "x", pwd="x", roles=[]),
    "widen its role": lambda c: c.admin.command("grantRolesToUser", "booking", roles=["root"]),
    "read the users": lambda c: c.admin["system.users"].find_one({}),
    "read the log of all writes": lambda c: c.local["oplog.rs"].find_one({}),
    "watch everybody": lambda c: c.watch().close(),
    "make another database": lambda c: c.elsewhere.things.insert_one({}),
    "switch profiling on": lambda c: c.booking.command("profile", 2),
    "stop the server": lambda c: c.admin.command("shutdown"),
}


@pytest.mark.parametrize("act", OWN.values(), ids=OWN.keys())
def test_a_service_may_use_its_own_database(
    booking: Client, act: Callable[[Client], object]
) -> None:
    """A service's user can do its own work: else refusing it everything would prove nothing."""
    act(booking)


@pytest.mark.parametrize("act", NOT_ITS_OWN.values(), ids=NOT_ITS_OWN.keys())
def test_a_service_is_refused_the_rest(booking: Client, act: Callable[[Client], object]) -> None:
    """Whatever is not a service's own is refused by the database itself."""
    with pytest.raises(OperationFailure) as refused:
        act(booking)
    assert refused.value.code == _UNAUTHORIZED


@pytest.fixture(params=["audit/entries", "checkpoints/checkpoints"])
def append_only(request: pytest.FixtureRequest, servers: RealServers) -> Iterator[Collection]:
    """What is only ever added to, as its own user sees it; and something that stands in it."""
    kind, _, name = request.param.partition("/")
    with Client(servers.mongo_url(f"booking-{kind}")) as client:
        yield client[f"booking_{kind}"][name]
    with Client(servers.mongo_administrator_url) as administrator:
        administrator[f"booking_{kind}"][name].delete_many({"planted": True})


CHANGING: dict[str, Callable[[Collection], object]] = {
    "update": lambda rows: rows.update_one({"planted": True}, {"$set": {"changed": True}}),
    "replace": lambda rows: rows.replace_one({"planted": True}, {"changed": True}),
    "upsert": lambda rows: rows.update_one({"_id": -2}, {"$set": {"x": 1}}, upsert=True),
    "find and change": lambda rows: rows.find_one_and_update({}, {"$set": {"changed": True}}),
    "delete": lambda rows: rows.delete_one({"planted": True}),
    "delete all": lambda rows: rows.delete_many({}),
    "drop": lambda rows: rows.drop(),
    "drop the database": lambda rows: rows.database.client.drop_database(rows.database),
    "rename": lambda rows: rows.rename("elsewhere"),
    "write over by a pipeline": lambda rows: list(rows.aggregate([{"$out": rows.name}])),
    "merge over by a pipeline": lambda rows: list(
        rows.aggregate([{"$set": {"changed": True}}, {"$merge": {"into": rows.name}}])
    ),
    "drop an index": lambda rows: rows.drop_index("at"),
    "empty by a limit": lambda rows: rows.database.command("collMod", rows.name, validator={}),
    "make capped": lambda rows: rows.database.command("convertToCapped", rows.name, size=1),
    "let things expire": lambda rows: rows.create_index("at", expireAfterSeconds=0),
    "put elsewhere": lambda rows: rows.database.elsewhere.insert_one({}),
}


@pytest.mark.parametrize("act", CHANGING.values(), ids=CHANGING.keys())
def test_what_is_recorded_stays(
    append_only: Collection, act: Callable[[Collection], object]
) -> None:
    """The audit's users and its checkpoints' can add and look; the database refuses the rest."""
    append_only.insert_one({"_id": -int(time.time_ns()), "planted": True})
    with pytest.raises(OperationFailure) as refused:
        act(append_only)
    assert refused.value.code == _UNAUTHORIZED
    assert append_only.find_one({"planted": True, "changed": None}) is not None


@pytest.mark.parametrize("service", SERVICES)
def test_each_services_audit_is_only_added_to(servers: RealServers, service: str) -> None:
    """The same for every service: what one may do with its own is not another's list."""
    with Client(servers.mongo_url(f"{service}-audit")) as client:
        rows = client[f"{service}_audit"][ENTRIES]
        for act in ("update", "find and change", "delete", "delete all", "drop", "put elsewhere"):
            with pytest.raises(OperationFailure) as refused:
                CHANGING[act](rows)
            assert refused.value.code == _UNAUTHORIZED, act
        rows.find_one({})


def test_the_audit_is_out_of_everybody_elses_reach(servers: RealServers) -> None:
    """A service's everyday user, and each of the two, sees nothing of what the other keeps."""
    for user, database in (
        ("booking", "booking_audit"),
        ("booking", "booking_checkpoints"),
        ("booking-audit", "booking_checkpoints"),
        ("booking-checkpoints", "booking_audit"),
        ("booking-audit", "booking"),
        ("booking-audit", "notifications_audit"),
    ):
        with Client(servers.mongo_url(user)) as client:
            for act in (client[database].entries.find_one, client[database].checkpoints.find_one):
                with pytest.raises(OperationFailure) as refused:
                    act({})
                assert refused.value.code == _UNAUTHORIZED


def test_the_keys_have_a_user_of_their_own(servers: RealServers) -> None:
    """Whoever holds the wrapped keys does not hold the data, and the other way round."""
    with Client(servers.mongo_url("booking-keys")) as keys:
        keys.booking_keys.person_keys.find_one({})
        with pytest.raises(OperationFailure):
            keys.booking.bookings.find_one({})


def test_nobody_gets_in_without_a_password(servers: RealServers) -> None:
    """Authentication is on, also on a developer's machine."""
    address = servers.mongo_url("booking").split("@")[1].split("/")[0]
    with (
        Client(f"mongodb://{address}/?replicaSet=rs0") as nobody,
        pytest.raises(OperationFailure),
    ):
        nobody.booking.rights.find_one({})


def test_making_the_users_again_changes_nothing(servers: RealServers) -> None:
    """Users and roles can be brought up to date at each start, also while services work."""
    passwords = {
        account.user: servers.mongo_url(account.user).split(":")[2].split("@")[0]
        for account in ACCOUNTS
    }
    with Client(servers.mongo_administrator_url) as administrator:
        before = administrator.admin.command("rolesInfo", 1, showPrivileges=True)["roles"]
        ensure_users(administrator, ACCOUNTS, passwords)
        after = administrator.admin.command("rolesInfo", 1, showPrivileges=True)["roles"]
    assert before == after
    with Client(servers.mongo_url("booking")) as booking:
        booking.booking.rights.find_one({})
