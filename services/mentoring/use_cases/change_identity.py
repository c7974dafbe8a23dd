"""Who a person is: read on its own, changed on its own, told to nobody but as a sealed card."""

from __future__ import annotations

from dataclasses import dataclass

from services.mentoring.domain.ids import CaseId, PersonId
from services.mentoring.domain.opening import with_identity
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.identities import Changed, Identities, Identity, Kept
from services.mentoring.use_cases.open_case import minor_until
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, Refusal


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
    protected identity nothing is told.

    The new identity is laid beside the old one, the case decides, and then it takes its place: who
    loses the race or the case meanwhile has changed nothing. What a crash leaves in between the
    clockwork ends as the case says (`finish_identities`).
    """

    work: CaseWork
    identities: Identities
    cards: ContactCards

    async def __call__(self, case_id: CaseId, identity: Identity, *, seen: int, by: Actor) -> int:
        """Its new version; `seen` is the one that you read.

        Raises what `CaseWork.change` does, VersionConflict, SealingKeyMissing.
        """
        change_id, made = new_id(), _Made()

        async def decide(at: LetIn) -> Change:
            made.of = at.case.person_id
            made.changed = changed = await self.identities.stage(
                made.of, identity, change_id, seen=seen, by=by
            )
            case = with_identity(at.case, change_id, minor_until(identity), now=at.now)
            change = Change(case)
            if changed.reached_anew and not case.protected:
                card = await self.cards.card(identity, case.recipient_id, changed.version)
                change.told.append(card)
            made.told = bool(change.told)
            return change

        try:
            await self.work.change(
                case_id, "write", decide, group="identity", by=by, present=lambda case: case
            )
        except Refusal:
            if made.of is not None:
                await self.identities.drop(made.of, change_id, by=by)
            raise
        return await self._made(made, change_id, by=by)

    async def _made(self, made: _Made, change_id: str, *, by: Actor) -> int:
        if made.of is None or made.changed is None:
            raise ValueError("a decision that was saved has been made")
        await self.identities.take_over(made.of, change_id, by=by)
        if made.told:
            await self.identities.card_told(made.of, made.changed.version, by=by)
        return made.changed.version


@dataclass(slots=True)
class _Made:
    """Of whom, what, and whether a card says so."""

    of: PersonId | None = None
    changed: Changed | None = None
    told: bool = False
