"""Waiting for the wish to stop."""

from __future__ import annotations

import asyncio
import signal


def stop_wished() -> asyncio.Event:
    """Set at SIGINT or SIGTERM.

    Installed through the loop, as SIGINT may be ignored in a script's background job and Python
    then would install no handler of its own.
    """
    wished = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sent in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sent, wished.set)
    return wished
