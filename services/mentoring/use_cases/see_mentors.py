"""What somebody sees of mentors: whoever matches sees them all, a mentor sees their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.mentoring.domain.days import day_of
from services.mentoring.domain.matching_cases import Offered
from services.mentoring.domain.mentor import obstacles
from services.mentoring.use_cases.mentors import Handbooks, KnownMentor, Loads, Mentors
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Standing:
    """How mentors stand today: what they carry, and what stands in the way of one more.

    The number of mentees is for decisions: it counts protected cases, so it is never shown.
    """

    loads: Loads
    handbooks: Handbooks
    clock: Clock

    async def of(self, known: Sequence[KnownMentor], *, by: Actor) -> list[Offered]:
        """One for each, in the same order."""
        loads = await self.loads.loads(by=by)
        newest = (await self.handbooks.newest(by=by)).edition
        today = day_of(self.clock.now())
        found = []
        for each in known:
            load = loads.get(each.profile.username, 0)
            stands = obstacles(each.profile, load=load, newest_edition=newest, today=today)
            found.append(Offered(each.profile, load, stands))
        return found


@dataclass(frozen=True, slots=True)
class ListMentors:
    """The mentors, and what stands in the way of a new mentee for each. Never how many they have.

    Each mentor who is shown leaves an entry in the audit.
    """

    mentors: Mentors
    standing: Standing
    audit: Audit

    async def __call__(
        self, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Offered], int]:
        """By username: a page, and how many there are."""
        usernames = await self.mentors.usernames(by=by)
        page = usernames[offset : offset + limit]
        sealed = await self.mentors.some(page, by=by)
        known = await self.audit.open(by, sealed, purpose=Purpose.MATCHING, rule="list-mentors")
        return await self.standing.of(known, by=by), len(usernames)


@dataclass(frozen=True, slots=True)
class SeeMentor:
    """A mentor's whole profile, with the notes."""

    mentors: Mentors
    standing: Standing
    audit: Audit

    async def __call__(self, username: str, *, by: Actor) -> tuple[KnownMentor, Offered]:
        """Raises NotFound."""
        sealed = await self.mentors.load(username, by=by)
        known = await self.audit.open(by, sealed, purpose=Purpose.MATCHING, rule="read-mentor")
        [offered] = await self.standing.of([known], by=by)
        return known, offered


@dataclass(frozen=True, slots=True)
class SeeOwnProfile:
    """Your own profile as a mentor: all but what others noted about you."""

    mentors: Mentors
    standing: Standing
    audit: Audit

    async def __call__(self, *, by: Actor) -> tuple[KnownMentor, Offered]:
        """Raises NotFound when you are no mentor yet."""
        sealed: Sealed[KnownMentor] = await self.mentors.load(by.username, by=by)
        known = await self.audit.open(by, sealed, purpose=Purpose.OWN_DATA, rule="read-own")
        [offered] = await self.standing.of([known], by=by)
        return known, offered
