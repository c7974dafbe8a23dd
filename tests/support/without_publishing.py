"""All of publishing away: its processes, its queues, and its way to its databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
from pymongo import MongoClient

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from deploy.mongodb import ACCOUNTS
from shared.broker import names
from shared.contracts import catalogue
from tests.support.whole_copy import WholeCopy

GONE = "publishing"


@asynccontextmanager
async def without_publishing(copy: WholeCopy) -> AsyncIterator[None]:
    """Nothing of it is there inside; afterwards all of it is back and ready."""
    servers = Servers(copy.folder, Ports(copy.folder, in_use=True), Secrets(copy.folder))
    mongo_url, amqp_url = servers.mongod.administrator_url, servers.addresses()["amqp"]
    await asyncio.to_thread(copy.safespace, "process", "stop", GONE)
    try:
        await asyncio.to_thread(_database, mongo_url, open_to_it=False)
        await _delete_queues(amqp_url["administrator"])
        yield
    finally:
        await asyncio.to_thread(_database, mongo_url, open_to_it=True)
        await asyncio.to_thread(copy.safespace, "topology", "apply")
        await asyncio.to_thread(copy.safespace, "process", "start", GONE)


def queues() -> Iterator[str]:
    """Every queue that brings it something."""
    yield from (names.listening_queue(GONE, t) for t in catalogue.LISTENING[GONE])
    yield from (names.work_queue(GONE, work) for work in catalogue.WORK[GONE])
    yield names.feed_queue(GONE)
    yield names.parked(GONE)


def _database(url: str, *, open_to_it: bool) -> None:
    with MongoClient[dict[str, Any]](url) as administrator:
        for account in ACCOUNTS:
            if account.user.partition("-")[0] == GONE:
                roles = [{"role": account.role, "db": "admin"}] if open_to_it else []
                administrator.admin.command("updateUser", account.user, roles=roles)


async def _delete_queues(url: str) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        for queue in queues():
            await channel.queue_delete(queue)
