"""What children inherit from our environment: no address or password that was meant for us."""

from __future__ import annotations

import os

_OURS = ("MONGODB_URL", "AMQP_URL", "RABBITMQ_MANAGEMENT_URL")


def plain_environment(**more: str) -> dict[str, str]:
    """Our environment without Safe Space's own settings and server addresses, and `more`."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SAFESPACE_") and name not in _OURS
    }
    return {**inherited, **more}
