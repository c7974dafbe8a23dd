"""Fixtures for all tests. Nothing is started before a test asks for it."""

from __future__ import annotations

from tests.support.processes import processes  # noqa: F401
from tests.support.servers import (  # noqa: F401
    amqp_administrator,
    clean_databases,
    clean_queues,
    servers,
)
from tests.support.whole_copy import whole_copy  # noqa: F401
