"""What the use cases need from outside, stated once; `storage` and `mailing` fulfil it.

Whatever a store tells, it tells somebody: `by`.
"""
# ruff: noqa: D102 - what each method does is said where it is fulfilled

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVar

from services.publishing.domain.news import Happened

T = TypeVar("T")
Session: TypeAlias = Any
"""A transaction in hand. The use cases only pass it on."""


class Transact(Protocol):
    """Run database work in one transaction; it may be called again, so it does nothing else."""

    async def __call__(self, work: Callable[[Session], Awaitable[T]]) -> T: ...


class Tell(Protocol):
    """Save events in the caller's transaction, to be told after the commit."""

    async def __call__(self, session: Session, *news: Happened) -> None: ...
