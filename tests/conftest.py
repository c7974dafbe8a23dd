"""Fixtures for all tests. Nothing is started before a test asks for it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from functools import cache

import httpx._transports.default
import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.processes import processes  # noqa: F401
from tests.support.servers import (  # noqa: F401
    amqp_administrator,
    clean_databases,
    clean_queues,
    servers,
)
from tests.support.shares import pytest_addoption, pytest_configure  # noqa: F401
from tests.support.whole_copy import whole_copy  # noqa: F401

# Every HTTP client reads all certificates of the machine, 30 ms each time, and tests make hundreds
# of clients that speak to this machine alone.
httpx._transports.default.create_ssl_context = cache(httpx._transports.default.create_ssl_context)

# A busy machine stands still for longer than an example may take, which says nothing of what is
# tested; and the same code is given the same examples, so that the same code has the same answer.
# `HYPOTHESIS_PROFILE=new-luck` looks for what nobody has thought of.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("steady", _PATIENT, derandomize=True, database=None)
settings.register_profile("new-luck", _PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# All that is made while modules are loaded and tests are collected stays until the end. To look for
# garbage among it took a third of the collecting, in each process, and a tenth of the unit tests.
gc.disable()


def pytest_collection_finish() -> None:
    """From now on garbage is looked for again, and only among what tests make."""
    gc.freeze()
    gc.enable()


_ON_THE_WHOLE_COPY = (
    "tests/browser/",
    "tests/chaos/",
    "tests/journeys/",
    "tests/privacy/",
    "tests/contracts/test_openapi.py",
    "tests/integration/cli/test_on_a_copy.py",
)
_ON_THE_SERVERS = "tests/integration/"
_ON_THE_OTHER_SERVERS = tuple(
    f"tests/integration/{room}/" for room in ("cli", "deploy", "mentoring")
)
_ON_THE_LAST_SERVERS = tuple(
    f"tests/integration/{room}/" for room in ("notifications", "publishing/feeds", "web_front")
)
_ORDER = {"whole copy": 0, "servers": 1, "other servers": 2, "": 3, "last servers": 4}


def shared_by(nodeid: str) -> str:
    """What is costly to start and shared with other tests, else the test's own file."""
    if nodeid.startswith(_ON_THE_WHOLE_COPY):
        return "whole copy"
    if nodeid.startswith(_ON_THE_OTHER_SERVERS):
        return "other servers"
    if nodeid.startswith(_ON_THE_LAST_SERVERS):
        return "last servers"
    if nodeid.startswith(_ON_THE_SERVERS):
        return "servers"
    return nodeid.partition("::")[0]


class Together(LoadScopeScheduling):
    """Four processes share the work (`-n 4`): tests that share a copy or servers stay together.

    Three have a copy or servers, and half of what they do is wait: the fourth does what needs none,
    and then starts servers too, for the rest.
    """

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """The long groups begin first, so that the short ones fill what is left."""
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is shared comes first, the whole copy before all; the last servers' comes at the end."""
    items.sort(key=lambda item: _ORDER.get(shared_by(item.nodeid), _ORDER[""]))


@pytest.fixture(autouse=True)
def logs_as_at_the_start() -> Iterator[None]:
    """A test that sets up logging does not leave its closed streams to the next one."""
    yield
    structlog.reset_defaults()
