"""A channel that is open in time, or whose connection is given up.

The library waits for the broker's answer as long as the connection stands, and heartbeats keep that
up although nothing is answered. Cancelled while it opens, a channel is closed by aiormq 7.2.4.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aio_pika import RobustChannel

from shared.broker.underneath import drop

OPENS_WITHIN = 30.0
"""Seconds."""


class PunctualChannel(RobustChannel):
    """As the library's, but for its opening."""

    async def initialize(self, timeout: Any = None) -> None:
        """Open it.

        Raises:
            TimeoutError: it hangs; the connection was dropped, and is made anew.
        """
        try:
            async with asyncio.timeout(OPENS_WITHIN):
                await super().initialize(timeout)
        except TimeoutError:
            await drop(self._connection)
            raise
