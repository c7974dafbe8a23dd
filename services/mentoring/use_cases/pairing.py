"""Whether two may become a pair, as things are now: asked wherever a mentor comes into a circle."""

from __future__ import annotations

from dataclasses import dataclass

from services.mentoring.domain.access import is_named
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import Username
from services.mentoring.domain.matching_cases import in_words, what_stands_between
from services.mentoring.domain.matching_rules import PairForbidden, ProfileMissing
from services.mentoring.domain.rules import NotNamed
from services.mentoring.use_cases.case_work import Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.matching_needs import Needs, RecordedNeeds
from services.mentoring.use_cases.mentors import MENTORS, KnownMentor, Mentors
from services.mentoring.use_cases.see_mentors import Standing
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Pairing:
    """Asks the hard constraints of a pair. Nothing outweighs them, whoever decides and by what way.

    Of two decisions at once about one mentor, the slower finds out and counts the mentor's mentees
    anew: the profile is saved again as it is with each of them.
    """

    needs: Needs
    mentors: Mentors
    standing: Standing
    audit: Audit

    async def allow(self, change: Change, at: LetIn, username: Username) -> Change:
        """The change, if the case may have this mentor as far as it is known what they both need.

        Of a mentor without a profile nothing is known that could stand in the way, so nothing may
        be decided. Raises ProfileMissing or PairForbidden.
        """
        try:
            sealed = await self.mentors.load(username, by=at.by)
        except NotFound:
            raise ProfileMissing from None
        mentor = await self.audit.open(at.by, sealed, purpose=Purpose.MATCHING, rule="new-pair")
        needs = await self.audit.open(
            at.by,
            await self.needs.of_cases([at.case.id], by=at.by),
            purpose=Purpose.MATCHING,
            rule="new-pair",
        )
        await self.ensure(at, needs.get(at.case.id), mentor)
        return await self.holding(change, at, mentor)

    async def ensure(self, at: LetIn, recorded: RecordedNeeds | None, mentor: KnownMentor) -> None:
        """Raises NotNamed or PairForbidden, which names what stands between them."""
        if not is_named(at.case, mentor.profile.username):
            raise NotNamed
        [offered] = await self.standing.of([mentor], by=at.by)
        if recorded is None:
            codes: tuple[str, ...] = offered.obstacles
        else:
            codes = what_stands_between(at.case, recorded.needs, offered, on=day_of(at.now))
        if codes:
            why_sv, why_en = in_words(codes)
            raise PairForbidden(codes=list(codes), why_sv=why_sv, why_en=why_en)

    async def holding(self, change: Change, at: LetIn, mentor: KnownMentor) -> Change:
        """The change, with the mentor's profile saved again as it is."""
        change.replaces.append((MENTORS, await self.mentors.document(mentor, by=at.by)))
        return change
