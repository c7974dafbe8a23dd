"""Fixtures for all tests. Nothing is started before a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from tests.support.processes import processes  # noqa: F401
from tests.support.servers import (  # noqa: F401
    amqp_administrator,
    clean_databases,
    clean_queues,
    servers,
)
from tests.support.whole_copy import whole_copy  # noqa: F401

_SHARED = ("whole_copy", "servers")
"""Costly to start: all that ask for one of them run in one process, one after the other."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the work (`-n 2 --dist loadgroup`): a group is never split."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        group = next((name for name in _SHARED if name in asked), str(item.path))
        item.add_marker(pytest.mark.xdist_group(group))
    # The long groups begin first, so that the short ones fill what is left.
    items.sort(key=lambda item: not any(n in getattr(item, "fixturenames", ()) for n in _SHARED))


@pytest.fixture(autouse=True)
def logs_as_at_the_start() -> Iterator[None]:
    """A test that sets up logging does not leave its closed streams to the next one."""
    yield
    structlog.reset_defaults()
