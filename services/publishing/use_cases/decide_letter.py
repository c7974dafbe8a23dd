"""A person decides about a single letter that nobody knows the fate of, or that was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from services.publishing.domain.letter import Letter, State
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Also
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, Refusal, VersionConflict

Decision = Literal["arrived", "lost", "send-again"]
_STATES: dict[Decision, State] = {"arrived": "sent", "lost": "failed", "send-again": "queued"}


class LetterNotOpen(Refusal):
    """The letter's fate is known, or it is on its way."""

    kind = "letter-not-open"
    sv = "Det är redan klart vad som hände med det här brevet, eller så är det på väg."
    en = "It is known already what became of this letter, or it is on its way."


class OpenLetters(Protocol):
    """The queue, from the side of who looks after it."""

    async def find(
        self, letter_id: str, session: Session | None = None, *, by: Actor
    ) -> Letter | None:
        """One of them, or None."""
        ...

    async def standing(
        self, state: State, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Letter], int]:
        """Those in a state, and how many."""
        ...

    async def move(
        self, letter: Letter, to: State, session: Session | None = None, *, by: Actor, **more: Any
    ) -> Letter | None:
        """On from where it stood."""
        ...


@dataclass(frozen=True, slots=True)
class DecideLetter:
    """`arrived`: they got it. `lost`: they did not. `send-again`: try once more.

    What failed can be sent again too. A letter that is sent again carries the same Message-ID, so
    that a double can be known for one.
    """

    letters: OpenLetters
    transact: Transact
    clock: Clock

    async def __call__(
        self, letter_id: str, decision: Decision, also: Also[Letter], *, by: Actor
    ) -> Letter:
        """Raises NotFound, LetterNotOpen, VersionConflict."""

        async def work(session: Session) -> Letter:
            letter = await self.letters.find(letter_id, session, by=by)
            if letter is None:
                raise NotFound
            if letter.state != "uncertain" and (letter.state, decision) != ("failed", "send-again"):
                raise LetterNotOpen
            again = {"due_at": self.clock.now()} if decision == "send-again" else {}
            moved = await self.letters.move(letter, _STATES[decision], session, by=by, **again)
            if moved is None:
                raise VersionConflict
            await also(session, moved)
            return moved

        return await self.transact(work)
