"""Forming the replica set that production's members wait for. Doing it again changes nothing."""

from __future__ import annotations

import time
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

_ALREADY_FORMED = 23
"""Code of replSetInitiate for a member that belongs to a set."""

_PAUSE = 1.0


class NoPrimary(Exception):
    """The members did not choose a primary in time. Says what was last seen."""


def form(administrator_url: str, *, within: float = 120.0) -> None:
    """Form the set of the members that the URL names, and wait until one is primary. Blocking.

    The first member must have the administrator already; the others must be empty.

    Raises:
        NoPrimary: not within so many seconds.
    """
    deadline = time.monotonic() + within
    formed = False
    while True:
        try:
            formed = formed or _formed(administrator_url)
            with MongoClient[dict[str, Any]](
                administrator_url, serverSelectionTimeoutMS=5000
            ) as client:
                client.admin.command("ping")
            return
        except PyMongoError as error:
            if time.monotonic() > deadline:
                raise NoPrimary(type(error).__name__) from error
        time.sleep(_PAUSE)


def _formed(administrator_url: str) -> bool:
    """Ask the first member, directly: before there is a set there is no primary to ask."""
    asked = parse_uri(administrator_url)
    members = [f"{host}:{port}" for host, port in asked["nodelist"]]
    wanted = {
        "_id": asked["options"]["replicaSet"],
        "members": [{"_id": n, "host": member} for n, member in enumerate(members)],
    }
    host, port = asked["nodelist"][0]
    with MongoClient[dict[str, Any]](
        host,
        port,
        username=asked["username"],
        password=asked["password"],
        authSource="admin",
        directConnection=True,
        serverSelectionTimeoutMS=5000,
    ) as first:
        try:
            first.admin.command("replSetInitiate", wanted)
        except OperationFailure as error:
            if error.code != _ALREADY_FORMED:
                raise
    return True
