"""What the integration tests of several services share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.unit.shared.issuer import Issuer, an_issuer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """Signs tokens for the staff of these tests."""
    async with an_issuer() as found:
        yield found
