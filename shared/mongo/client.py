"""One MongoDB client per process, with the settings that the promises rest on."""

from __future__ import annotations

from datetime import UTC
from typing import Any, TypeAlias

from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo.uri_parser import parse_uri

Document: TypeAlias = dict[str, Any]
Client: TypeAlias = AsyncIOMotorClient[Document]
Database: TypeAlias = AsyncIOMotorDatabase[Document]
Collection: TypeAlias = AsyncIOMotorCollection[Document]
Session: TypeAlias = AsyncIOMotorClientSession


def connect(url: str, *, patience: float = 5.0, answer_within: float | None = None) -> Client:
    """A client that writes to the majority and reads times as aware UTC; connects when used.

    `patience` is how many seconds it looks for a server before it gives up; `answer_within` how
    many it waits for an answer that does not come (as long as the connection stands, unless given).
    """
    return AsyncIOMotorClient(
        url,
        tz_aware=True,
        tzinfo=UTC,
        uuidRepresentation="standard",
        w="majority",
        readConcernLevel="majority",
        retryWrites=True,
        retryReads=True,
        serverSelectionTimeoutMS=int(patience * 1000),
        connectTimeoutMS=int(patience * 1000),
        socketTimeoutMS=None if answer_within is None else int(answer_within * 1000),
        maxIdleTimeMS=300_000,
    )


def database_of(client: Client, url: str) -> Database:
    """The database that the URL's path names.

    Raises:
        ValueError: the URL names none; a service never falls back to somebody else's.
    """
    name = parse_uri(url)["database"]
    if not name:
        raise ValueError("the MongoDB URL names no database in its path")
    options: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
    return client.get_database(name, codec_options=options)
