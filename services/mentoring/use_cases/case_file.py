"""What a case file holds, part by part, each of one field group: what an export is made of.

Nothing is left out by being forgotten: every field of the aggregate is named here, every collection
of records is a part (`storage.hanging`), and tests compare both with what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from services.mentoring.domain.access import Granted
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import GROUPS, FieldGroup
from services.mentoring.domain.step_groups import GROUP_OF_STEP
from services.mentoring.policy import sees
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.identities import Identities
from services.mentoring.use_cases.records import Opened, Writing, in_clear
from services.mentoring.use_cases.see_case import Steps
from shared.audit.sealed import Sealed

T = TypeVar("T")
Line = Mapping[str, Any]

OF_THE_CASE: Mapping[FieldGroup, tuple[str, ...]] = MappingProxyType(
    {
        "overview": (
            "id",
            "pseudonym",
            "phase",
            "opened_at",
            "phase_since",
            "circle",
            "minor_until",
            "age_unknown",
            "protected",
            "lead_away_until",
            "retention_until",
        ),
        "assessment": ("assessment_version",),
        "plan": (
            "plan_version",
            "plan_goals",
            "aftercare_plan_version",
            "aftercare_goals",
            "action_days",
            "aftercare_action_days",
            "actions_told_to",
            "next_review_on",
            "review_told_on",
        ),
        "contact": (
            "contact_every_days",
            "contact_from",
            "last_contact_on",
            "contact_alarm",
            "concern",
        ),
        "closure": ("closure", "aftercare", "legal_hold"),
        "access-log": ("glasses",),
    }
)
"""The fields of the aggregate itself, by the group that they belong to."""
NOT_TAKEN_OUT: Mapping[str, str] = MappingProxyType(
    {
        "person_id": "leads to keys, and to nothing that is told here",
        "identity_change": "the number of a change whose content is the identity",
        "recipient_id": "how notifications knows the person",
        "protected_circle": "a protected case is never taken out",
        "sequence": "counts steps, which are there",
        "version": "counts writes",
    }
)
"""Fields of the aggregate that no export holds, and why."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and whether there are more."""

    lines: Sequence[Line]
    more: bool = False


class Part(Protocol):
    """Something of a case file, sealed until its reading is recorded."""

    @property
    def group(self) -> FieldGroup:
        """What it belongs to."""
        ...

    @property
    def name(self) -> str:
        """What each line is called."""
        ...

    async def page(self, at: LetIn, *, limit: int, offset: int) -> Sealed[Page]:
        """As whoever was let in may see it."""
        ...


@dataclass(frozen=True, slots=True)
class OfTheCase:
    """The aggregate, as far as it belongs to one group."""

    group: FieldGroup
    name = "case"

    async def page(self, at: LetIn, *, limit: int, offset: int) -> Sealed[Page]:  # noqa: ARG002
        """One line."""
        whole = asdict(at.case)
        facts = {name: whole[name] for name in OF_THE_CASE[self.group]}
        return _sealed(at, self.group, Page([{"facts": facts}]))


@dataclass(frozen=True, slots=True)
class OfSteps:
    """What was done to the case, as far as it is about what may be taken out."""

    steps: Steps
    group: FieldGroup = "overview"
    name = "steps"

    async def page(self, at: LetIn, *, limit: int, offset: int) -> Sealed[Page]:
        """In the order in which it was done."""
        groups = groups_of(at)
        without = [kind for kind, group in GROUP_OF_STEP.items() if group not in groups]
        sealed = await self.steps.of_case(
            at.case.id, without=without, by=at.by, limit=limit, offset=offset
        )
        return sealed.map(
            lambda found: Page([_step(each) for each in found[0]], offset + limit < found[1])
        )


@dataclass(frozen=True, slots=True)
class OfIdentity:
    """Who it is."""

    identities: Identities
    group: FieldGroup = "identity"
    name = "identity"

    async def page(self, at: LetIn, *, limit: int, offset: int) -> Sealed[Page]:  # noqa: ARG002
        """One line; none when the identity is not there."""
        case = at.case
        sealed = await self.identities.read(case.person_id, of_case=case.id, by=at.by)
        if sealed is None:
            return _sealed(at, self.group, Page([]))
        return sealed.map(lambda kept: Page([{"words": asdict(kept.identity)}]))


class Agreements(Protocol):
    """What was agreed to, or is shared by it: whole aggregates without words."""

    async def __call__(self, case_id: CaseId, *, by: Any) -> Sealed[Sequence[Any]]:
        """All of a case."""
        ...


@dataclass(frozen=True, slots=True)
class OfAgreements:
    """Consents, or shares."""

    name: str
    agreements: Agreements
    group: FieldGroup = "consents"

    async def page(self, at: LetIn, *, limit: int, offset: int) -> Sealed[Page]:  # noqa: ARG002
        """All at once: there are few."""
        sealed = await self.agreements(at.case.id, by=at.by)
        return sealed.map(lambda found: Page([{"facts": asdict(each)} for each in found]))


@dataclass(frozen=True, slots=True)
class OfRecords:
    """One collection of records."""

    group: FieldGroup
    records: Writing

    @property
    def name(self) -> str:
        """The collection's."""
        return self.records.name

    async def page(self, at: LetIn, *, limit: int, offset: int) -> Sealed[Page]:
        """Oldest first."""
        sealed = await self.records.of_case(
            at.case.id, by=at.by, limit=limit, offset=offset, **at.only()
        )
        return sealed.map(
            lambda some: Page([_record(each) for each in some.items], offset + limit < some.total)
        )


def whole_file(
    steps: Steps,
    identities: Identities,
    agreements: Mapping[str, Agreements],
    records: Iterable[tuple[FieldGroup, Writing]],
) -> tuple[Part, ...]:
    """All parts, group by group."""
    parts: list[Part] = [
        *(OfTheCase(group) for group in OF_THE_CASE),
        OfSteps(steps),
        OfIdentity(identities),
        *(OfAgreements(name, some) for name, some in agreements.items()),
        *(OfRecords(group, some) for group, some in records),
    ]
    return tuple(sorted(parts, key=lambda part: GROUPS.index(part.group)))


def groups_of(at: LetIn) -> frozenset[FieldGroup]:
    """The field groups that may be taken out by whoever was let in."""
    return frozenset(
        group
        for group in GROUPS
        if isinstance(sees(at.case, at.by, at.now, "export", group), Granted)
    )


def _sealed(at: LetIn, group: FieldGroup, content: T) -> Sealed[T]:
    return Sealed(content, subjects=[at.case.id], fields=[group])


def _step(document: Mapping[str, Any]) -> Line:
    facts = {key: value for key, value in document.items() if key not in ("_id", "case_id")}
    return {"id": document["_id"], "facts": facts}


def _record(opened: Opened) -> Line:
    facts = {key: value for key, value in opened.facts.items() if key != "case_id"}
    return {"id": opened.id, "facts": facts, "words": in_clear(opened.words)}
