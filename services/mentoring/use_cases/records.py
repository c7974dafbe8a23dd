"""What hangs on a case, as use cases see it: sealed when stored, opened by a recorded reading."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.mentoring.domain.case import Case
from services.mentoring.use_cases.ports import Document
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Whose:
    """The case and the person that a record belongs to."""

    case_id: str
    person_id: str


def of_person(case: Case) -> Whose:
    """A record of this case."""
    return Whose(case.id, case.person_id)


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """A record in clear: its plain facts, and its words by field."""

    id: str
    facts: Mapping[str, Any]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Some:
    """A page of records, and how many there are in all."""

    items: Sequence[Opened]
    total: int


_STRUCTURED = frozenset({"goals", "answers", "needs", "found"})
"""Words that are kept as JSON: plans, answers to questionnaires, what matching sees and found."""


def in_clear(words: Mapping[str, str]) -> dict[str, Any]:
    """Words for somebody who takes them along: what has a structure, with its structure."""
    return {name: json.loads(text) if name in _STRUCTURED else text for name, text in words.items()}


class Writing(Protocol):
    """One collection of records (`storage.records.Records`)."""

    name: str

    async def sealed(
        self, record_id: str, whose: Whose, facts: Mapping[str, Any], words: Mapping[str, str]
    ) -> Document:
        """The document to store, with its words encrypted. Raises Forgotten."""
        ...

    async def of_case(
        self, case_id: str, *, by: Actor, limit: int = 100, offset: int = 0, **matching: Any
    ) -> Sealed[Some]:
        """Those of a case, oldest first."""
        ...

    async def one(self, case_id: str, record_id: str, *, by: Actor) -> Sealed[Opened] | None:
        """One of a case; None when there is none, or it is another case's."""
        ...

    async def plain(self, case_id: str, record_id: str, *, by: Actor) -> Document | None:
        """The record without its words: for decisions, never for showing."""
        ...
