"""Consents and shares: a yes for one purpose and one recipient, and what is seen by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from services.mentoring.domain import consent as consents
from services.mentoring.domain import sharing
from services.mentoring.domain.case import Case
from services.mentoring.domain.consent import Consent, ConsentText, ShareRecipient, Voice
from services.mentoring.domain.consent_rules import ConsentMissing
from services.mentoring.domain.consent_texts import ConsentWording, ensure_agreed_to
from services.mentoring.domain.ids import CaseId, ConsentId, ShareId
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.domain.sharing import Share
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.ports import Document
from services.mentoring.use_cases.records import Whose, Writing, of_person
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

A = TypeVar("A")
CONSENTS, SHARES = "consents", "shares"


class Consents(Protocol):
    """Consents and shares of cases, in codes."""

    async def consents_of(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Consent]]:
        """All of a case, oldest first."""
        ...

    async def shares_of(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Share]]:
        """All of a case, oldest first."""
        ...

    async def consent(self, case_id: str, consent_id: str, *, by: Actor) -> Consent | None:
        """One, for decisions."""
        ...

    async def share(self, case_id: str, share_id: str, *, by: Actor) -> Share | None:
        """One of a case, ended or not; None when there is none."""
        ...

    async def open_shares(self, case_id: str, *, by: Actor) -> Sequence[Share]:
        """Those that have not ended, for decisions."""
        ...

    async def by_link(self, hashed: str, *, by: Actor) -> Share | None:
        """The one with this secret, also when it is over."""
        ...

    async def consent_document(self, consent: Consent, whose: Whose) -> Document:
        """A new one to store."""
        ...

    async def share_document(self, share: Share, whose: Whose, hashed: str) -> Document:
        """A new one to store, with the hash of its link's secret."""
        ...

    async def ending(self, shares: Sequence[Share], *, by: Actor) -> list[Document]:
        """What to write over shares that have ended."""
        ...

    async def withdrawing(self, consent: Consent, *, by: Actor) -> Document:
        """What to write over a consent that was withdrawn."""
        ...


@dataclass(frozen=True, slots=True)
class ConsentWanted:
    """A yes as it was given."""

    purpose: str
    recipient: ShareRecipient
    text: ConsentText
    voices: frozenset[Voice]
    expires_on: date


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Record a consent: for one purpose and one recipient, to a text, for a year at most."""

    work: CaseWork
    consents: Consents
    texts: Mapping[str, ConsentWording]

    async def __call__(
        self,
        case_id: CaseId,
        wanted: ConsentWanted,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case, str], A],
    ) -> A:
        """Raises what `CaseWork.change` and `consent.new_consent` do, ConsentTextUnknown."""
        consent_id = ConsentId(new_id())

        async def decide(at: LetIn) -> Change:
            ensure_agreed_to(self.texts, wanted.text, wanted.purpose)
            given = consents.new_consent(
                at.case,
                consent_id,
                purpose=wanted.purpose,
                recipient=wanted.recipient,
                text=wanted.text,
                voices=wanted.voices,
                expires_on=wanted.expires_on,
                **at.given(),
            )
            change = Change.of(consents.record_consent(at.case, given, **at.given()))
            document = await self.consents.consent_document(given, of_person(at.case))
            change.inserts.append((CONSENTS, document))
            return change

        return await self.work.change(
            case_id,
            "write",
            decide,
            group="consents",
            by=by,
            once=once,
            present=lambda case: present(case, consent_id),
        )


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Take a consent back: what is shared by it ends in the same breath."""

    work: CaseWork
    consents: Consents

    async def __call__(
        self,
        case_id: CaseId,
        consent_id: ConsentId,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `consent.withdraw_consent` do, NotFound."""

        async def decide(at: LetIn) -> Change:
            found = await self.consents.consent(case_id, consent_id, by=by)
            if found is None:
                raise NotFound
            given = at.given()
            case, gone, facts = consents.withdraw_consent(at.case, found, **given)
            live = await self.consents.open_shares(case_id, by=by)
            case, ended, told = sharing.end_shares(
                case, live, "withdrawn", consent_id=consent_id, **given
            )
            change = Change(case, (*facts, *told))
            change.replaces.append((CONSENTS, await self.consents.withdrawing(gone, by=by)))
            for document in await self.consents.ending(ended, by=by):
                change.replaces.append((SHARES, document))
            return change

        return await self.work.change(
            case_id, "write", decide, group="consents", by=by, once=once, present=present
        )


@dataclass(frozen=True, slots=True, repr=False)
class ShareWanted:
    """What is shared. Without consent `override` is a reason code, and `text` its words."""

    consent_id: ConsentId | None
    purpose: consents.Purpose
    recipient: ShareRecipient
    groups: frozenset[FieldGroup]
    until: date
    hashed: str
    override: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class BeginShare:
    """Share by a valid consent. Without one only by an override: another right, with a reason."""

    work: CaseWork
    consents: Consents
    words: Writing

    async def __call__(
        self,
        case_id: CaseId,
        wanted: ShareWanted,
        share_id: ShareId,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case, str], A],
    ) -> A:
        """Raises what `CaseWork.change`, `sharing.new_share` and `sharing.new_override` do."""

        async def decide(at: LetIn) -> Change:
            if "identity" in wanted.groups:
                # Whoever shares gets the link, and with it who it is.
                await self.work.disclosing.ask_for_proof(case_id, "read", "identity", by=by)
            share = await self._share(at, wanted, share_id, by=by)
            change = Change.of(sharing.begin_share(at.case, share, **at.given()))
            whose = of_person(at.case)
            document = await self.consents.share_document(share, whose, wanted.hashed)
            change.inserts.append((SHARES, document))
            if wanted.override is not None:
                facts = {"author": at.username, "at": at.now, "share_id": share_id}
                words = await self.words.sealed(
                    new_id(), of_person(at.case), facts, {"text": wanted.text}
                )
                change.inserts.append((self.words.name, words))
            return change

        return await self.work.change(
            case_id,
            "share" if wanted.override is None else "override-consent",
            decide,
            by=by,
            once=once,
            present=lambda case: present(case, share_id),
        )

    async def _share(
        self, at: LetIn, wanted: ShareWanted, share_id: ShareId, *, by: Actor
    ) -> Share:
        given: dict[str, Any] = {
            "purpose": wanted.purpose,
            "recipient": wanted.recipient,
            "groups": wanted.groups,
            "until": wanted.until,
            **at.given(),
        }
        if wanted.override is not None:
            return sharing.new_override(at.case, share_id, wanted.override, **given)
        if wanted.consent_id is None:
            raise ConsentMissing
        found = await self.consents.consent(at.case.id, wanted.consent_id, by=by)
        return sharing.new_share(at.case, share_id, found, **given)


@dataclass(frozen=True, slots=True)
class EndShare:
    """The recipient sees nothing from now on."""

    work: CaseWork
    consents: Consents

    async def __call__(
        self,
        case_id: CaseId,
        share_id: ShareId,
        *,
        by: Actor,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `sharing.end_share` do, NotFound."""

        async def decide(at: LetIn) -> Change:
            found = await self.consents.share(case_id, share_id, by=by)
            if found is None:
                raise NotFound
            case, over, facts = sharing.end_share(at.case, found, "ended", **at.given())
            change = Change(case, facts)
            for document in await self.consents.ending([over], by=by):
                change.replaces.append((SHARES, document))
            return change

        return await self.work.change(case_id, "share", decide, by=by, present=present)


@dataclass(frozen=True, slots=True)
class SeeConsents:
    """The consents and shares of a case, as they stand now."""

    disclosing: Disclosing
    consents: Consents

    async def __call__(
        self, case_id: CaseId, *, by: Actor
    ) -> tuple[Sequence[Consent], Sequence[Share]]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "consents", by=by) as (_, reading):
            both = Sealed.both(
                await self.consents.consents_of(case_id, by=by),
                await self.consents.shares_of(case_id, by=by),
            )
            return await reading.open(both)
