"""A connection that has several hosts to go to, and does not storm back in step with the others.

aio-pika knows one URL and a fixed pause; both are chosen anew here before each attempt.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from aio_pika import RobustConnection
from faststream.rabbit import Channel, RabbitBroker
from faststream.security import BaseSecurity
from yarl import URL

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 4.0
"""Seconds between two attempts: doubled after each failure, with full jitter."""


class RoamingConnection(RobustConnection):
    """Tries the next host each time, after a pause that grows and varies."""

    def __init__(self, urls: Sequence[str], **kwargs: Any) -> None:
        self._hosts = [URL(url) for url in urls]
        random.shuffle(self._hosts)
        self._failures = 0
        super().__init__(self._hosts[0], **kwargs)
        self.reconnect_interval = SHORTEST_PAUSE

    async def _on_connected(self) -> None:
        await super()._on_connected()
        self._failures = 0
        self.reconnect_interval = SHORTEST_PAUSE

    async def _on_connection_close(self, closing: asyncio.Future[Any]) -> None:
        # Called for a lost connection and for a failed attempt, before the pause and the next one.
        self._hosts.append(self._hosts.pop(0))
        self.url = self._hosts[0]
        pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**self._failures)
        self._failures += 1
        self.reconnect_interval = random.uniform(SHORTEST_PAUSE / 2, pause)
        await super()._on_connection_close(closing)


class RoamingBroker(RabbitBroker):
    """FastStream's broker on a roaming connection. Waits for a broker instead of failing."""

    def __init__(self, urls: Sequence[str], *, name: str, channel: Channel) -> None:
        self._urls = tuple(urls)
        self._name = name
        security: BaseSecurity | None = None
        super().__init__(
            self._urls[0],
            default_channel=channel,
            security=security,
            apply_types=False,
            logger=None,
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
