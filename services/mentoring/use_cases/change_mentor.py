"""Changing a mentor's profile: read on record, decided, saved over the version that was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain import mentor
from services.mentoring.domain.ids import PersonId, Username
from services.mentoring.domain.matching import Training, Window
from services.mentoring.domain.mentor import Belonging, Codes, MentorProfile, Profiled
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.mentors import (
    MENTOR_STEPS,
    MENTORS,
    Handbooks,
    KnownMentor,
    Mentors,
)
from services.mentoring.use_cases.ports import Document, Ledger, Saving
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import ChangedElsewhere, NotFound, VersionConflict
from shared.observability.cause import current_cause

A = TypeVar("A")
Present = Callable[[MentorProfile], A]
Command = Callable[..., Profiled]
"""A change of a profile; takes `by` and `now`."""


@dataclass(frozen=True, slots=True, repr=False)
class ProfileWanted:
    """What a case-lead writes of a mentor; the rest of the profile stays as it is."""

    languages: Codes
    limit: int
    strengths: Codes
    gender: str
    gender_wish: Codes
    known_in: Belonging
    avoids: Belonging
    cleared_for: Codes
    notes: str

    def over(self, profile: MentorProfile) -> MentorProfile:
        """The profile with this in it."""
        return replace(
            profile,
            languages=self.languages,
            limit=self.limit,
            strengths=self.strengths,
            gender=self.gender,
            gender_wish=self.gender_wish,
            known_in=self.known_in,
            avoids=self.avoids,
            cleared_for=self.cleared_for,
        )


@dataclass(frozen=True, slots=True)
class PutMentor:
    """Write a mentor's profile: languages, strengths, whom they must not meet, how many they take.

    `If-Match: "0"` makes a new one. All of it is sealed under the mentor's own key.
    """

    mentors: Mentors
    handbooks: Handbooks
    ledger: Ledger
    audit: Audit
    clock: Clock

    async def __call__(
        self,
        username: Username,
        wanted: ProfileWanted,
        *,
        seen: int,
        by: Actor,
        present: Present[A],
    ) -> A:
        """Raises ChangedElsewhere, or what `mentor.put_profile` does."""
        known = await self._known(username, by=by)
        if known.profile.version != seen:
            raise ChangedElsewhere
        profile, facts = mentor.put_profile(
            wanted.over(known.profile), by=username_of(by), now=self.clock.now()
        )
        after = KnownMentor(profile, wanted.notes, known.person_id)
        return await _save(self.ledger, self.mentors, after, facts, by=by, present=present)

    async def _known(self, username: Username, *, by: Actor) -> KnownMentor:
        try:
            sealed = await self.mentors.load(username, by=by)
        except NotFound:
            read = await self.handbooks.confirmed(username, by=by)
            new = MentorProfile(
                username,
                languages=frozenset(),
                limit=0,
                handbook_edition=read.edition if read else 0,
                handbook_confirmed_at=read.at if read else None,
            )
            return KnownMentor(new, "", PersonId(new_id()))
        return await self.audit.open(by, sealed, purpose=Purpose.MATCHING, rule="write-mentor")


@dataclass(frozen=True, slots=True)
class ChangeMentor:
    """Change one thing about a mentor; the mentor may change their own times and pause."""

    mentors: Mentors
    ledger: Ledger
    audit: Audit
    clock: Clock

    async def availability(self, username: Username, windows: Sequence[Window], **how: Any) -> Any:
        """The times of the week at which the mentor can meet. All of them, every time."""
        return await self._change(username, mentor.set_availability, windows, **how)

    async def pause(self, username: Username, until: date | None, **how: Any) -> Any:
        """Nobody new through that day; none ends the pause. Mentees of today stay."""
        return await self._change(username, mentor.set_pause, until, **how)

    async def training(self, username: Username, training: Training, **how: Any) -> Any:
        """A training that the mentor has, and through which day; the same again replaces."""
        return await self._change(username, mentor.add_training, training, **how)

    async def background_check(self, username: Username, on: date, **how: Any) -> Any:
        """The day on which the check was shown; an older one changes nothing."""
        return await self._change(username, mentor.record_background_check, on, **how)

    async def _change(
        self,
        username: Username,
        command: Command,
        what: Any,
        *,
        seen: int,
        by: Actor,
        present: Present[A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, or what the command does."""
        sealed = await self.mentors.load(username, by=by)
        own = username == by.username
        known = await self.audit.open(
            by,
            sealed,
            purpose=Purpose.OWN_DATA if own else Purpose.MATCHING,
            rule="write-own" if own else "write-mentor",
        )
        if known.profile.version != seen:
            raise ChangedElsewhere
        profile, facts = command(known.profile, what, by=username_of(by), now=self.clock.now())
        after = replace(known, profile=profile)
        return await _save(self.ledger, self.mentors, after, facts, by=by, present=present)


async def _save(
    ledger: Ledger,
    mentors: Mentors,
    after: KnownMentor,
    facts: Sequence[mentor.MentorChanged],
    *,
    by: Actor,
    present: Present[A],
) -> A:
    if not facts:
        return present(after.profile)
    saving = Saving(
        replaces=[(MENTORS, await mentors.document(after, by=by))],
        inserts=mentor_steps(facts),
        cause=current_cause(),
    )
    try:
        await ledger.save(saving)
    except VersionConflict as faster:
        raise ChangedElsewhere from faster
    return present(replace(after.profile, version=after.profile.version + 1))


def mentor_steps(facts: Sequence[mentor.MentorChanged]) -> list[tuple[str, Document]]:
    """What was changed about mentors, in codes: by whom and when, never to what."""
    return [(MENTOR_STEPS, _step(fact)) for fact in facts]


def _step(fact: mentor.MentorChanged) -> Mapping[str, Any]:
    return {"_id": new_id(), **asdict(fact)}
