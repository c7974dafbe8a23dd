"""A batch on its way: letters given out at the last moment, within every limit; answers kept.

Given out late, because a pause, a cancelled mailing or somebody's unsubscription must hold for
every letter that has not left. One slow domain holds up nobody else.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from services.publishing.domain.limits import Key
from services.publishing.domain.smtp_replies import Verdict
from services.publishing.mailing.allowance import Allowance
from services.publishing.mailing.writing import Letter


class Batch:
    """Letters in, verdicts out.

    `shared` are the keys (everything, server, mailing) that each letter is counted under beside its
    own domain. `clock` is nanoseconds since 1970. After `take` gave nothing, `again_at` says when
    to ask again, or is None when there is nothing to wait for.
    """

    def __init__(
        self,
        letters: Iterable[Letter],
        allowance: Allowance,
        shared: Sequence[Key],
        clock: Callable[[], int],
    ) -> None:
        self._allowance, self._clock = allowance, clock
        self._shared = tuple(shared)
        self._waiting: dict[str, deque[Letter]] = {}
        self._withdrawn: set[int] = set()
        self._out: set[int] = set()
        self._answered: dict[int, Verdict] = {}
        self._stopped = False
        self.again_at: int | None = None
        for letter in letters:
            self._waiting.setdefault(_domain(letter), deque()).append(letter)
        self._keys = {domain: (*shared, Key("domain", domain)) for domain in self._waiting}
        self._domains = [(0, domain) for domain in self._waiting]
        heapq.heapify(self._domains)

    @property
    def done(self) -> bool:
        """Everybody was answered for, or will not be given out any more."""
        if self._out:
            return False
        while self._domains and self._first() is None:
            continue
        return self._stopped or not self._domains

    @property
    def verdicts(self) -> Mapping[int, Verdict]:
        """What became of each who was answered for."""
        return self._answered

    @property
    def given_out(self) -> bool:
        """No letter of it waits for a line."""
        return self._stopped or not self._domains

    @property
    def idle(self) -> bool:
        """Nothing of it is on its way."""
        return not self._out

    def take(self) -> Letter | None:
        """The next letter that may go now."""
        if self._stopped or not self._domains:
            return None
        now = self._clock()
        self.again_at = None
        while self._domains:
            if self._first() is None:
                continue
            ready, domain = self._domains[0]
            if ready <= now:
                ready = self._allowance.take(self._keys[domain], now)
                if not ready:
                    return self._given_out(domain)
            shared = self._allowance.ready_at(self._shared, now)
            if shared > now or self._domains[0][0] > now:
                self.again_at = max(shared, self._domains[0][0])
                return None
            heapq.heapreplace(self._domains, (ready, domain))
        return None

    def told(self, letter: Letter, verdict: Verdict) -> None:
        """What became of one; a server that asks for less is given less at once."""
        recipient = letter.recipient
        self._out.discard(recipient)
        self._answered[recipient] = verdict
        if verdict.slow_down:
            keys = [key for key in self._keys[_domain(letter)] if key.scope in ("server", "domain")]
            self._allowance.complained(keys, self._clock())

    def put_back(self, letter: Letter) -> None:
        """It was given out and surely never left: it is the next of its domain once more."""
        self._out.discard(letter.recipient)
        domain = _domain(letter)
        waiting = self._waiting[domain]
        waiting.appendleft(letter)
        if not any(each == domain for _, each in self._domains):
            heapq.heappush(self._domains, (0, domain))

    def withdraw(self, recipient: int) -> bool:
        """They left: their letter is not given out any more; False when it has been."""
        self._withdrawn.add(recipient)
        return recipient not in self._out and recipient not in self._answered

    def stop(self) -> list[Letter]:
        """Give out nothing more; the letters that never left."""
        self._stopped = True
        return [
            letter
            for waiting in self._waiting.values()
            for letter in waiting
            if letter.recipient not in self._withdrawn
        ]

    def _first(self) -> Letter | None:
        """The first letter of the domain that is ready first; None: look again."""
        domain = self._domains[0][1]
        waiting = self._waiting[domain]
        if self._withdrawn:
            while waiting and waiting[0].recipient in self._withdrawn:
                waiting.popleft()
        if not waiting:
            heapq.heappop(self._domains)
            return None
        return waiting[0]

    def _given_out(self, domain: str) -> Letter:
        # As it was: the order among domains that are ready is of no matter, and a heap costs.
        letter = self._waiting[domain].popleft()
        self._out.add(letter.recipient)
        return letter


def _domain(letter: Letter) -> str:
    return letter.to.rpartition("@")[2]
