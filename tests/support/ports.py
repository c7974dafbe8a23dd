"""Ports for what a test starts itself: never those of a copy that runs, or starts, beside it."""

from __future__ import annotations

import socket

from deploy.local.ports import any_free

_OURS: list[socket.socket] = []
"""What says that they are ours, until this process ends."""


def free_port() -> int:
    """One of 127.0.0.1, also when whoever listens there is still to be started."""
    return any_free(_OURS)
