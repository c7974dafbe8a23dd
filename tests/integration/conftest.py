"""What the integration tests of several services share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from shared.audit.audit import Audit
from tests.unit.shared.issuer import Issuer, an_issuer

# A crowd on a busy machine is not refused in the middle of something else: the patience of the
# audit has tests of its own (`audit/test_failing_closed.py`), which say how long it is.
Audit.__init__.__kwdefaults__["patience"] = 60.0


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """Signs tokens for the staff of these tests."""
    async with an_issuer() as found:
        yield found
