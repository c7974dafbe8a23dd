"""Who a person is: read on its own, changed on its own, told to nobody but as a sealed card."""

from __future__ import annotations

from dataclasses import dataclass

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.opening import with_age
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.identities import Changed, Identities, Identity, Kept
from services.mentoring.use_cases.open_case import minor_until
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class ReadIdentity:
    """Who it is. A right of its own, a database of its own, an entry in the audit of its own."""

    disclosing: Disclosing
    identities: Identities

    async def __call__(self, case_id: CaseId, *, by: Actor) -> Kept:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "identity", by=by) as (inside, reading):
            sealed = await self.identities.read(inside.case.person_id, of_case=case_id, by=by)
            if sealed is None:
                raise NotFound
            return await reading.open(sealed)


@dataclass(frozen=True, slots=True)
class ChangeIdentity:
    """Put another identity in the place of the one that you read.

    A changed phone number, e-mail address or language is told as a new card without a name; for a
    protected identity nothing is told. The identity is written before the case and its event: a
    card that a crash kept back is told by the clockwork (`finish_identities`).
    """

    work: CaseWork
    identities: Identities
    cards: ContactCards

    async def __call__(self, case_id: CaseId, identity: Identity, *, seen: int, by: Actor) -> int:
        """Its new version; `seen` is the one that you read.

        Raises what `CaseWork.change` does, VersionConflict, SealingKeyMissing.
        """
        changed: Changed | None = None

        async def decide(at: LetIn) -> Change:
            nonlocal changed
            case = at.case
            if changed is None:
                changed = await self.identities.change(
                    case.person_id, identity, seen=seen, tells=not case.protected, by=by
                )
            change = Change(with_age(case, minor_until(identity), at.now))
            if changed.reached_anew and not case.protected:
                card = await self.cards.card(identity, case.recipient_id, changed.version)
                change.told.append(card)
            return change

        case: Case = await self.work.change(
            case_id, "write", decide, group="identity", by=by, present=lambda case: case
        )
        version = changed.version if changed else seen
        await self.identities.card_told(case.person_id, version, by=by)
        return version
