"""Booking's relay as a process of its own, to be killed by a test."""

from __future__ import annotations

import asyncio
import os

from shared.broker.connection import make_broker
from shared.delivery.relay import Relay
from shared.mongo.client import connect, database_of


async def main() -> None:
    url = os.environ["RELAY_MONGODB_URL"]
    bus = make_broker([os.environ["RELAY_AMQP_URL"]], user="booking")
    await bus.start()
    print("started", flush=True)
    await Relay(database_of(connect(url), url), bus).run()


if __name__ == "__main__":
    asyncio.run(main())
