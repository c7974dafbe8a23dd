"""Recording before showing: a reading is committed to the chain, or nothing is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn, TypeVar

import structlog
from pymongo.errors import PyMongoError

from shared.audit.entries import MongoEntries
from shared.audit.entry import Access, as_word, in_pieces
from shared.audit.names import MongoNames
from shared.audit.purposes import Purpose
from shared.audit.refusals import AuditUnavailable
from shared.audit.sealed import Receipt, Sealed
from shared.delivery.combining import Combiner
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database, Document
from shared.mongo.primary import has_primary
from shared.observability import metrics
from shared.observability.cause import current_cause
from shared.web.denials import Denial

log = structlog.get_logger(__name__)
T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that a reading waits for its entry before it is refused."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading whose entry is on its way to the chain."""

    _committing: asyncio.Task[Receipt]

    async def open(self, sealed: Sealed[T]) -> T:
        """The content, once the entry is committed.

        Raises:
            AuditUnavailable: it could not be.
            NotRecorded: the entry does not name all that is sealed here.
        """
        return sealed.opened_by(await asyncio.shield(self._committing))


class Audit:
    """One service's audit. Appends of this process that wait are written together."""

    def __init__(
        self,
        database: Database,
        service: str,
        *,
        names: MongoNames | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._names = names
        self._patience = patience
        self.entries = MongoEntries(database, service)
        self._appends = _written_together(self.entries)

    async def record(
        self,
        by: Actor,
        *,
        subjects: Iterable[str],
        fields: Iterable[str],
        purpose: Purpose,
        rule: str,
        reference: str | None = None,
        allowed: bool = True,
    ) -> Receipt:
        """Record one reading, durable (majority) when this returns.

        `subjects` are ids (see `entry.as_subject` for what somebody typed), `fields` names (never
        values), `rule` what allowed or refused it, `reference` the id of what it was done for.

        Raises:
            AuditUnavailable: not recorded for sure within the patience; nothing may be shown.
            ValueError: something is not an id or a code.
        """
        access = _access(by, subjects, fields, purpose, rule, reference, allowed)
        return await self._record(by, access)

    @asynccontextmanager
    async def reading(
        self,
        by: Actor,
        *,
        subjects: Iterable[str],
        fields: Iterable[str],
        purpose: Purpose,
        rule: str,
        reference: str | None = None,
    ) -> AsyncIterator[Reading]:
        """Load inside the block while the entry is written; `Reading.open` gives the content.

        The block ends only when the entry is committed. Raises as `record` does.
        """
        access = _access(by, subjects, fields, purpose, rule, reference, allowed=True)
        committing = asyncio.create_task(self._record(by, access))
        try:
            yield Reading(committing)
        except asyncio.CancelledError:
            committing.cancel()
            raise
        except BaseException as error:
            # What went wrong inside says more than a second error; the trace is left all the same.
            [written] = await asyncio.gather(committing, return_exceptions=True)
            if isinstance(error, Refusal):
                error.recorded = isinstance(written, Receipt)
            raise
        await committing

    async def open(
        self,
        by: Actor,
        sealed: Sealed[T],
        *,
        purpose: Purpose,
        rule: str,
        reference: str | None = None,
    ) -> T:
        """Record everybody and everything that the seal names, then give the content.

        A seal that names nobody (an empty list) leaves no entry. Raises as `record` does.
        """
        if not sealed.subjects:
            return sealed.opened_by(Receipt(frozenset(), frozenset(sealed.fields)))
        access = _access(by, sealed.subjects, sealed.fields, purpose, rule, reference, allowed=True)
        return sealed.opened_by(await self._record(by, access))

    async def refuse(
        self,
        by: Actor,
        *,
        subjects: Iterable[str],
        fields: Iterable[str],
        purpose: Purpose,
        rule: str,
        refusal: Refusal,
        reference: str | None = None,
    ) -> NoReturn:
        """Record that somebody was refused, then refuse.

        Raises:
            Refusal: the one given; AuditUnavailable when it could not be recorded.
        """
        access = _access(by, subjects, fields, purpose, rule, reference, allowed=False)
        await self._record(by, access)
        refusal.recorded = True
        raise refusal

    async def about(
        self, ids: Sequence[str], *, limit: int, offset: int
    ) -> tuple[list[Document], int]:
        """See `MongoEntries.about`; to be shown to a recorded reading. Raises AuditUnavailable."""
        async with self.looking():
            return await self.entries.about(ids, limit=limit, offset=offset)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Look at what is recorded inside the block. Raises AuditUnavailable when it cannot be."""
        try:
            yield
        except (PyMongoError, TimeoutError) as error:
            raise AuditUnavailable from error

    async def denied(self, denial: Denial) -> None:
        """Record a no that no use case recorded (see `shared.web.denials`). Raises as `record`."""
        await self.record(
            denial.by,
            subjects=denial.ids,
            fields=[denial.what],
            purpose=Purpose.NOT_STATED,
            rule=denial.rule,
            allowed=False,
        )

    async def ready(self) -> bool:
        """Whether its database has a primary."""
        return await has_primary(self._database)

    def close(self) -> None:
        """Let go of the database."""
        self._database.client.close()

    async def _record(self, by: Actor, access: Access) -> Receipt:
        try:
            with metrics.AUDIT_SECONDS.time():
                async with asyncio.timeout(self._patience):
                    for piece in in_pieces(access):
                        await self._appends.ask(None, piece)
        except (PyMongoError, TimeoutError) as error:
            metrics.AUDIT_READINGS.labels("unavailable").inc()
            log.critical("audit_unavailable", reason=type(error).__name__)
            raise AuditUnavailable from error
        metrics.AUDIT_READINGS.labels("recorded").inc()
        if self._names is not None:
            await self._names.meet(by)
        if not access.allowed:
            return Receipt(frozenset(), frozenset())
        return Receipt(frozenset(access.subjects), frozenset(access.fields))


def _access(
    by: Actor,
    subjects: Iterable[str],
    fields: Iterable[str],
    purpose: Purpose,
    rule: str,
    reference: str | None,
    allowed: bool,
) -> Access:
    return Access(
        # Both come from whoever issues the tokens, in whatever letters.
        actor=as_word(by.id),
        roles=tuple(sorted(map(as_word, by.roles))),
        subjects=tuple(dict.fromkeys(subjects)),
        fields=tuple(dict.fromkeys(fields)),
        purpose=purpose,
        rule=rule,
        trace=current_cause().correlation_id,
        reference=reference,
        allowed=allowed,
    )


def _written_together(entries: MongoEntries) -> Combiner[None, Access, None, None]:
    """Nothing is loaded or decided: an entry's number is known only when it is written."""

    async def load(_: None, __: Sequence[Access]) -> None:
        return None

    def decide(_: None, __: Access) -> tuple[None, None]:
        return None, None

    async def commit(_: None, __: None, decided: Sequence[tuple[Access, None]]) -> None:
        await entries.append([access for access, _ in decided])

    return Combiner(load, decide, commit, name="audit")
