"""Collections in pages: `limit` and `offset`, as Sweden's REST profile has it (20, at most 100)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

T = TypeVar("T")

DEFAULT_LIMIT = 20
HIGHEST_LIMIT = 100
HIGHEST_OFFSET = 1_000_000


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a collection is wanted."""

    limit: int
    offset: int


def paging(
    limit: Annotated[
        int, Query(ge=1, le=HIGHEST_LIMIT, description="Högst så många i svaret.")
    ] = DEFAULT_LIMIT,
    offset: Annotated[int, Query(ge=0, le=HIGHEST_OFFSET, description="Hoppa över så många.")] = 0,
) -> Paging:
    """Read `limit` and `offset` from the query."""
    return Paging(limit, offset)


Page = Annotated[Paging, Depends(paging)]


class Listing(BaseModel, Generic[T]):
    """A part of a collection, and how much there is in all."""

    items: list[T]
    total: int = Field(ge=0)
    limit: int
    offset: int


def listing(items: Sequence[T], total: int, page: Paging) -> Listing[T]:
    """Wrap one page of items."""
    return Listing(items=list(items), total=total, limit=page.limit, offset=page.offset)
