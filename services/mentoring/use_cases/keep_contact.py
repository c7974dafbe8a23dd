"""Contact with the young person: reported, counted, and missed when there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.contacts import new_contact, record_contact, set_contact_rhythm
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.records import Opened, Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

A = TypeVar("A")
_NOT_FACTS = ("id", "case_id")


@dataclass(frozen=True, slots=True)
class RecordContact:
    """Report a contact, or an attempt. Only a contact that succeeded stops the clock."""

    work: CaseWork
    contacts: Writing

    async def __call__(
        self,
        case_id: CaseId,
        on: date,
        way: str,
        *,
        successful: bool,
        text: str,
        by: Actor,
        once: Any,
        present: Callable[[Case, str], A],
    ) -> A:
        """Raises what `CaseWork.change` and `contacts.new_contact` do."""
        contact_id = new_id()

        async def decide(at: LetIn) -> Change:
            made = new_contact(
                at.case, contact_id, on=on, way=way, successful=successful, **at.given()
            )
            change = Change.of(record_contact(at.case, made, **at.given()))
            facts = {name: each for name, each in asdict(made).items() if name not in _NOT_FACTS}
            document = await self.contacts.sealed(
                contact_id, of_person(at.case), facts, {"text": text}
            )
            change.inserts.append((self.contacts.name, document))
            return change

        return await self.work.change(
            case_id,
            "write",
            decide,
            group="contact",
            by=by,
            once=once,
            present=lambda case: present(case, contact_id),
        )


@dataclass(frozen=True, slots=True)
class ReadContacts:
    """The contacts and attempts of a case, oldest first; only your own when no more was shown."""

    disclosing: Disclosing
    contacts: Writing

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Opened], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "contact", by=by) as (inside, reading):
            sealed = await self.contacts.of_case(
                case_id, by=by, limit=limit, offset=offset, **inside.only()
            )
            some = await reading.open(sealed)
        return some.items, some.total


@dataclass(frozen=True, slots=True)
class SetContactRhythm:
    """Contact is expected at least every 14 or every 30 days, per case."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, days: int, *, seen: int, by: Actor, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `contacts.set_contact_rhythm` do."""
        return await self.work.change(
            case_id,
            "write",
            lambda at: Change.of(set_contact_rhythm(at.case, days, **at.given())),
            group="overview",
            seen=seen,
            by=by,
            present=present,
        )
