"""A connection with several hosts to go to, that does not storm back in step with the others.

aio-pika knows one URL and a fixed pause; both are chosen anew here before each attempt.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from aio_pika import RobustConnection
from faststream.rabbit import Channel, RabbitBroker
from yarl import URL

from shared.broker.punctual import PunctualChannel
from shared.kernel.pauses import Pauses


class RoamingConnection(RobustConnection):
    """Tries the next host each time, after a pause that grows and varies."""

    CHANNEL_CLASS = PunctualChannel

    def __init__(self, urls: Sequence[str], **kwargs: Any) -> None:
        self._hosts = [URL(url) for url in urls]
        random.shuffle(self._hosts)
        self._pauses = Pauses(0.1, 4.0)
        super().__init__(self._hosts[0], **kwargs)
        self.reconnect_interval = self._pauses.draw()

    async def _on_connected(self) -> None:
        await super()._on_connected()
        self._pauses.begin_again()
        self.reconnect_interval = self._pauses.draw()

    async def _on_connection_close(self, closing: asyncio.Future[Any]) -> None:
        # Called for a lost connection and for a failed attempt, before the pause and the next one.
        self._hosts.append(self._hosts.pop(0))
        self.url = self._hosts[0]
        self.reconnect_interval = self._pauses.draw()
        await super()._on_connection_close(closing)


class RoamingBroker(RabbitBroker):
    """FastStream's broker on a roaming connection. Waits for a broker instead of failing."""

    def __init__(self, urls: Sequence[str], *, name: str, channel: Channel) -> None:
        self._urls = tuple(urls)
        self._name = name
        super().__init__(
            self._urls[0],
            default_channel=channel,
            apply_types=False,
            logger=None,
            # Draining is ours: the library goes on taking deliveries while it waits.
            graceful_timeout=None,
        )

    async def _connect(self) -> RobustConnection:
        connection = RoamingConnection(
            self._urls,
            fail_fast=False,
            client_properties={"connection_name": self._name},
        )
        # Known at once, so that stopping before the first connection closes it.
        self._connection = connection
        await connection.connect(timeout=10)
        if self._channel is None:
            self.config.connect(connection)
            self._channel = await self.config.channel_manager.get_channel()
        return connection
