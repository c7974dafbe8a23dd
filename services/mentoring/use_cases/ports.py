"""What the use cases need from outside. Every read and change names who asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from shared.contracts.event import News
from shared.kernel.actor import Actor

Session: TypeAlias = Any
"""A transaction that somebody else opened; only storage knows what it is."""
Document: TypeAlias = Mapping[str, Any]
"""A record as it is stored, its words encrypted."""


@dataclass(slots=True)
class Saving:
    """Everything that one decision changes; written together or not at all.

    `cases` are (before or None, after). `inserts` and `replaces` are (collection, document); a
    replaced document carries its new version, and is written over the one before it only. What was
    told about the subjects in `answered` is emptied: whoever it was for has answered.
    """

    cases: list[tuple[Case | None, Case]] = field(default_factory=list)
    inserts: list[tuple[str, Document]] = field(default_factory=list)
    replaces: list[tuple[str, Document]] = field(default_factory=list)
    told: list[News] = field(default_factory=list)
    cause: Any = None
    once: list[tuple[Any, Any]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)


class Cases(Protocol):
    """The aggregate, without a word of text. What is shown of it goes through `Disclosing`."""

    async def load(self, case_id: CaseId, *, by: Actor, session: Session = None) -> Case:
        """Raises NotFound."""
        ...

    async def some(self, case_ids: Sequence[CaseId], *, by: Actor) -> Sequence[Case]:
        """Those of them that there are, for decisions."""
        ...

    async def named(self, pseudonym: str, *, by: Actor) -> CaseId | None:
        """The case of this code word pair, which tells nothing of it."""
        ...

    async def around(self, username: str, *, by: Actor) -> Sequence[Case]:
        """Those whose circle names somebody, newest first."""
        ...


class Ledger(Protocol):
    """Where a decision is written."""

    async def answered(self, once: Any) -> Any | None:
        """The answer that this key already got."""
        ...

    async def save(self, saving: Saving, *, session: Session = None) -> None:
        """All of it in one transaction. Raises VersionConflict when somebody was faster."""
        ...
