"""One end of the event path as a process of its own: `relay`, `listen`, `consume` or `echo`.

All of them have the loop and the memory settings of our workers, the raw ones too.

Addresses come as JSON on the command line. It prints a line when it is ready; at SIGTERM a hearing
end writes {event id: nanoseconds on the machine's monotonic clock} into the file it was told.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import aio_pika
import uvloop
from aio_pika.abc import AbstractIncomingMessage

from shared.broker.connection import make_broker
from shared.broker.messages import Delivery
from shared.contracts.booking import HeadCountChanged
from shared.contracts.envelope import Envelope
from shared.delivery.listener import Listener
from shared.delivery.relay import Relay
from shared.kernel import memory
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Session, connect, database_of
from shared.mongo.transactions import transact

Times = dict[str, int]


async def effect(database: Database, envelope: Envelope, session: Session) -> None:
    """What every hearing end writes for an event."""
    row = {"_id": new_id(), "event_id": envelope.id, "subject": envelope.subject}
    await database["bench_effects"].insert_one(row, session=session)


async def relay(places: dict[str, str], times: Times) -> None:
    """The outbox's way out, as in booking's worker."""
    bus = make_broker([places["amqp"]], user="booking")
    await bus.start()
    asyncio.get_running_loop().create_task(Relay(_database(places), bus).run(), name="relay")


async def listen(places: dict[str, str], times: Times) -> None:
    """Our listener, as in notifications' worker; notes when each event is acknowledged."""
    database = _database(places)
    bus = make_broker([places["amqp"]], user="notifications")

    async def handle(envelope: Envelope, data: Any, session: Session) -> None:
        await effect(database, envelope, session)

    class Noted(Listener):
        async def receive(self, delivery: Delivery) -> None:
            await super().receive(delivery)
            times[Envelope.from_bytes(delivery.body).id] = time.monotonic_ns()

    Noted("notifications", bus, {HeadCountChanged: handle}, database)
    await bus.start()


async def consume(places: dict[str, str], times: Times) -> None:
    """The bare loop's second half: aio-pika, one transaction with the same two writes, ack."""
    database = _database(places)

    async def handle(message: AbstractIncomingMessage) -> None:
        envelope = Envelope.from_bytes(message.body)

        async def work(session: Session) -> None:
            if places["writes"] == "2":
                mark = {"_id": envelope.id, "subject": envelope.subject}
                await database["bench_marks"].insert_one(mark, session=session)
            await effect(database, envelope, session)

        await transact(database.client, work)
        await message.ack()
        times[envelope.id] = time.monotonic_ns()

    await _consume(places, handle)


async def echo(places: dict[str, str], times: Times) -> None:
    """Raw publish → consume: notes when each message arrives."""

    async def handle(message: AbstractIncomingMessage) -> None:
        times[message.message_id or ""] = time.monotonic_ns()
        await message.ack()

    await _consume(places, handle)


async def _consume(places: dict[str, str], handle: Any) -> None:
    connection = await aio_pika.connect(places["amqp"])
    channel = await connection.channel()
    await channel.set_qos(32)
    queue = await channel.get_queue(places["queue"], ensure=False)
    await queue.consume(handle)
    _KEPT.extend((connection, channel))


_KEPT: list[object] = []


def _database(places: dict[str, str]) -> Database:
    return database_of(connect(places["mongo"]), places["mongo"])


async def main() -> None:
    """Run one end until SIGTERM."""
    ends = {"relay": relay, "listen": listen, "consume": consume, "echo": echo}
    places: dict[str, str] = json.loads(sys.argv[2])
    times: Times = {}
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await ends[sys.argv[1]](places, times)
    memory.started()
    print("ready", flush=True)
    await over.wait()
    write(places, times)
    # What was measured is written; a polite goodbye to the broker would only print of itself.
    os._exit(0)


def write(places: dict[str, str], times: Times) -> None:
    """Say when each event was heard."""
    if "times" in places:
        Path(places["times"]).write_text(json.dumps(times), encoding="utf-8")


if __name__ == "__main__":
    uvloop.run(main())
