"""A batch on its way: letters given out at the last moment, within every limit; answers kept.

Given out late, because a pause, a cancelled mailing or somebody's unsubscription must hold for
every letter that has not left. One slow domain holds up nobody else.
"""

from __future__ import annotations

import heapq
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from services.publishing.domain.limits import Bucket, Key, all_ready_at, slowed, take
from services.publishing.domain.smtp_replies import Verdict
from services.publishing.mailing.writing import Letter


class Batch:
    """Letters in, verdicts out.

    `buckets` are shared by all batches of a process and changed here; `shared` are the keys
    (everything, server, mailing) that each letter is counted under beside its own domain.
    `clock` is nanoseconds since 1970. After `take` gave nothing, `again_at` says when to ask again,
    or is None when there is nothing to wait for.
    """

    def __init__(
        self,
        letters: Iterable[Letter],
        buckets: dict[Key, Bucket],
        shared: Sequence[Key],
        clock: Callable[[], int],
    ) -> None:
        self._buckets, self._shared, self._clock = buckets, tuple(shared), clock
        self._waiting: dict[str, deque[Letter]] = {}
        self._withdrawn: set[uuid.UUID] = set()
        self._stopped = False
        self._out = 0
        self.again_at: int | None = None
        self.verdicts: dict[uuid.UUID, Verdict] = {}
        for letter in letters:
            self._waiting.setdefault(letter.to.rpartition("@")[2], deque()).append(letter)
        self._domains = [(0, domain) for domain in self._waiting]
        heapq.heapify(self._domains)

    @property
    def done(self) -> bool:
        """Everybody was answered for, or will not be given out any more."""
        while self._domains and self._first() is None:
            continue
        return not self._out and (self._stopped or not self._domains)

    def take(self) -> Letter | None:
        """The next letter that may go now."""
        now = self._clock()
        self.again_at = None
        while self._domains and not self._stopped:
            if self._first() is None:
                continue
            ready, domain = self._domains[0]
            if ready <= now:
                keys = (*self._shared, Key("domain", domain))
                changed, ready = take(self._buckets, keys, now)
                if not ready:
                    heapq.heapreplace(self._domains, (now, domain))
                    return self._given_out(domain, changed)
            shared = all_ready_at(self._buckets, self._shared, now)
            if shared > now or self._domains[0][0] > now:
                self.again_at = max(shared, self._domains[0][0])
                return None
            heapq.heapreplace(self._domains, (ready, domain))
        return None

    def told(self, letter: Letter, verdict: Verdict) -> None:
        """What became of one; a server that asks for less is given less at once."""
        self._out -= 1
        self.verdicts[letter.recipient] = verdict
        if verdict.slow_down:
            now = self._clock()
            for key in self._shared:
                if key.scope == "server" and key in self._buckets:
                    self._buckets[key] = slowed(self._buckets[key], now)

    def withdraw(self, recipient: uuid.UUID) -> None:
        """They left: their letter is not given out any more, if it has not been."""
        self._withdrawn.add(recipient)

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
        while waiting and waiting[0].recipient in self._withdrawn:
            waiting.popleft()
        if not waiting:
            heapq.heappop(self._domains)
            return None
        return waiting[0]

    def _given_out(self, domain: str, changed: dict[Key, Bucket]) -> Letter:
        self._buckets.update(changed)
        self._out += 1
        return self._waiting[domain].popleft()
