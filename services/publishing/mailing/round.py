"""One batch in a mailer's hands: its ledger, its letters, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from services.publishing.domain.ledger import ACCEPTED, IN_HAND, WAITING, Ledger
from services.publishing.domain.outcome import Cause
from services.publishing.domain.recipients import Row, mailing_key, recipient_id
from services.publishing.domain.smtp_replies import NOT_SENT, TAKEN, Verdict
from services.publishing.mailing.batch import Batch
from services.publishing.mailing.ports import Claimed, Content, Entry
from services.publishing.mailing.writing import Letter
from shared.kernel.clock import real_now

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
"""How long who was not taken now waits, doubled for each attempt."""
_NOT_SENT_AT_MOST = 3
_INDEX_BITS = 16
"""Of a recipient's id; the others are the same in all of a batch."""
_INDEX = (1 << _INDEX_BITS) - 1


class Round:
    """Begins when the batch is claimed and ends when it is let go; `version` is what is kept.

    `has_a_place` while it counts as one of those that its mailer has in hand.
    """

    def __init__(self, claimed: Claimed, content: Content) -> None:
        self.claimed, self.content = claimed, content
        self.version = claimed.version
        self.ledger = Ledger(claimed.page)
        self.batch: Batch | None = None
        self.is_lost = False
        self.has_a_place = True
        self.answered = self.turned_away = 0
        self._broken: dict[int, int] = {}
        first = Row(mailing_key(claimed.mailing_id), claimed.number, 0)
        self.place = recipient_id(first).int >> _INDEX_BITS
        self._index = {one: index for index, one in enumerate(claimed.people)}
        self._first = self.place << _INDEX_BITS
        self.ended = asyncio.Event()

    @property
    def mailing_id(self) -> str:
        """Whose it is."""
        return self.claimed.mailing_id

    def entry(self) -> Entry:
        """As it stands, for keeping."""
        claimed, ledger = self.claimed, self.ledger
        return Entry(
            claimed.mailing_id,
            claimed.number,
            claimed.owner,
            self.version,
            ledger.page(),
            ledger.tally(),
            ledger.codes(),
        )

    def waiting(self) -> list[bytes]:
        """Subscribers who are to be written to."""
        return [self.claimed.people[index] for index in self.ledger.waiting()]

    def recipient(self, subscriber: bytes) -> int:
        """The row of one of them, as a number."""
        # As `recipient_id` makes it, without going through its parts for each of five hundred.
        return self._first | self._index[subscriber]

    def leaves(self, subscriber: bytes, cause: Cause) -> bool:
        """Somebody is not to be written to after all; whether that came in time."""
        index = self._index.get(subscriber)
        if index is None:
            return False
        if self.batch is not None and not self.batch.withdraw(self.recipient(subscriber)):
            return False
        return self.ledger.suppress(index, cause)

    def taken(self, letter: Letter) -> None:
        """It leaves as soon as the ledger is kept."""
        index = letter.recipient & _INDEX
        if not self.ledger.goes(index, WAITING, IN_HAND):
            self.ledger.take_in_hand(index, real_now())

    def told(self, letter: Letter, verdict: Verdict) -> None:
        """What became of it. A broken line costs nobody an attempt, a few times."""
        assert self.batch is not None  # noqa: S101 - it gave the letter out
        index = letter.recipient & _INDEX
        if verdict is TAKEN and self.ledger.goes(index, IN_HAND, ACCEPTED):
            self.batch.told(letter, verdict)
            self.answered += 1
            return
        if verdict is NOT_SENT and self._broken.get(index, 0) < _NOT_SENT_AT_MOST:
            self._broken[index] = self._broken.get(index, 0) + 1
            self.ledger.put_back(index)
            self.batch.put_back(letter)
            return
        now = real_now()
        if verdict is not TAKEN:
            # A line that broke very early: nobody had noted it yet.
            self.ledger.take_in_hand(index, now)
        self.ledger.conclude(index, verdict, now)
        self.batch.told(letter, verdict)
        self.answered += 1
        if verdict.fate == "refused":
            self.turned_away += verdict.kind == "policy"

    def stop(self) -> None:
        """Give out nothing more."""
        if self.batch is not None:
            self.batch.stop()

    @property
    def done(self) -> bool:
        """Nothing of it is on its way, and nothing more will be."""
        return self.batch is None or self.batch.done

    def due_in(self) -> timedelta:
        """When the rest may be tried again."""
        attempts: Sequence[int] = self.ledger.attempts_of_the_waiting()
        if not attempts or len(attempts) < len(self.ledger.waiting()):
            return timedelta()
        doublings = min(10, max(0, min(attempts) - 1))
        return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << doublings))


def place_of(letter: Letter) -> int:
    """Which batch a letter is of."""
    return letter.recipient >> _INDEX_BITS
