"""What somebody outside sees by a share: asked anew at every look, and written down."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from services.mentoring.domain.assessing import in_words
from services.mentoring.domain.case import Case
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.domain.sharing import Share, is_live
from services.mentoring.use_cases.assess import Questionnaires
from services.mentoring.use_cases.disclosing import FRESH
from services.mentoring.use_cases.identities import Identities
from services.mentoring.use_cases.ports import Cases
from services.mentoring.use_cases.records import Opened, Writing, in_clear
from services.mentoring.use_cases.share_by_consent import Consents
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound

_IDENTITY_SHOWN = ("name", "birth_date", "phone", "email", "language")
"""Whereabouts and personal number are never shared."""


@dataclass(frozen=True, slots=True)
class SeeShare:
    """By its link: the parts that are shared, as they are now. Nothing once it is over."""

    consents: Consents
    cases: Cases
    identities: Identities
    records: Mapping[FieldGroup, Writing]
    questionnaires: Questionnaires
    audit: Audit
    clock: Clock

    async def __call__(self, hashed: str) -> Mapping[str, Any]:
        """Raises NotFound: unknown, ended, expired, withdrawn, closed or protected, all alike."""
        asked_at, by = time.monotonic(), Actor(kind="anybody", id="share-link")
        share, case = await self._live(hashed, by=by)
        async with self.audit.reading(
            _holder(share),
            subjects=[case.id],
            fields=sorted(share.groups),
            purpose=Purpose.CONSENT_SHARE,
            rule="override" if share.override else "consent",
            reference=share.consent_id,
        ) as reading:
            seen: dict[str, Any] = {}
            for group in sorted(share.groups):
                seen[group] = await reading.open(await self._part(group, case, share, by=by))
        if time.monotonic() - asked_at > FRESH:
            await self._live(hashed, by=by)
        return MappingProxyType(seen)

    async def _live(self, hashed: str, *, by: Actor) -> tuple[Share, Case]:
        """The share, if it is one now. Raises NotFound, recorded when it was one once."""
        share = await self.consents.by_link(hashed, by=by)
        if share is None:
            raise NotFound
        case = await self.cases.load(share.case_id, by=by)
        consent = None
        if share.consent_id is not None:
            consent = await self.consents.consent(case.id, share.consent_id, by=by)
        if not is_live(share, case, consent, self.clock.now()):
            await self.audit.refuse(
                _holder(share),
                subjects=[case.id],
                fields=sorted(share.groups),
                purpose=Purpose.CONSENT_SHARE,
                rule="share-over",
                refusal=NotFound(),
                reference=share.consent_id,
            )
        return share, case

    async def _part(self, group: FieldGroup, case: Case, share: Share, *, by: Actor) -> Sealed[Any]:
        nothing: Sealed[Any] = Sealed(None, subjects=[case.id], fields=[group])
        if group == "overview":
            return nothing.map(lambda _: {"phase": case.phase, "shared_until": str(share.until)})
        if group == "identity":
            found = await self.identities.read(case.person_id, of_case=case.id, by=by)
            if found is None:
                return nothing
            return found.map(
                lambda kept: {name: getattr(kept.identity, name) for name in _IDENTITY_SHOWN}
            )
        writing = self.records.get(group)
        if writing is None:
            return nothing
        matching: dict[str, Any] = {}
        if group == "plan":
            matching = {"kind": "support", "plan_version": case.plan_version}
        sealed = await writing.of_case(CaseId(case.id), by=by, **matching)
        return sealed.map(lambda some: [self._told(group, each) for each in some.items])

    def _told(self, group: FieldGroup, record: Opened) -> Mapping[str, Any]:
        """Its words, and what makes them understood by somebody who has no form before them."""
        told, facts = in_clear(record.words), record.facts
        if group == "contact":
            return {**told, "on": str(facts["on"])}
        if group != "assessment":
            return told
        asked = self.questionnaires.get(facts["questionnaire"])
        said = in_words(asked, told["answers"]) if asked else ()
        return {**told, "on": str(day_of(facts["at"])), "said": [asdict(each) for each in said]}


def _holder(share: Share) -> Actor:
    """Whoever has the link: who that is, the share says."""
    return Actor(kind="anybody", id=f"share:{share.id}")
