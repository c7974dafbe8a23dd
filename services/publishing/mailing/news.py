"""What changes while letters are on their way, told to the batches that it concerns."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping

from services.publishing.domain.leaving import Left
from services.publishing.domain.limits import Key, Scope
from services.publishing.domain.mailing import State
from services.publishing.mailing.allowance import SharedLimits
from services.publishing.mailing.keeping import Keeping
from services.publishing.mailing.ports import Steering
from services.publishing.mailing.round import Round
from shared.kernel.clock import real_now

_REMEMBERED = 120
"""Seconds: longer than it takes to read and write a batch."""
_SCOPES: Mapping[str, Scope] = {
    "global": "global",
    "server": "server",
    "domain": "domain",
    "mailing": "mailing",
}


class News:
    """Whatever came between the reading of somebody's wishes and their letter holds for it."""

    def __init__(
        self,
        steering: Steering,
        rounds: Mapping[int, Round],
        keeping: Keeping,
        limits: SharedLimits,
    ) -> None:
        self._steering, self._rounds = steering, rounds
        self._keeping, self._limits = keeping, limits
        self._left: deque[tuple[float, Left]] = deque()
        self._states: dict[str, State] = {}

    def tasks(self) -> list[asyncio.Task[None]]:
        """Until cancelled."""
        ways = (self._follow_states(), self._follow_leavings(), self._follow_limits())
        return [asyncio.create_task(each) for each in ways]

    def begins(self, one: Round) -> None:
        """Its readers were read a moment ago: what was told since then holds."""
        for _, left in self._left:
            self._leaves(one, left)
        if self._states.get(one.mailing_id, "running") != "running":
            one.stop()

    async def _follow_states(self) -> None:
        async for some in self._steering.states():
            if some is None:
                self._all_over_again()
                continue
            for mailing_id, state in some:
                self._states[mailing_id] = state
                if state == "running":
                    del self._states[mailing_id]
                else:
                    self._stop(mailing_id)

    async def _follow_leavings(self) -> None:
        async for some in self._steering.leavings():
            if some is None:
                self._all_over_again()
                continue
            now = real_now().timestamp()
            while self._left and self._left[0][0] < now - _REMEMBERED:
                self._left.popleft()
            for left in some:
                self._left.append((now, left))
                for one in tuple(self._rounds.values()):
                    self._leaves(one, left)

    async def _follow_limits(self) -> None:
        async for some in self._steering.slowed():
            for scope, name in some or ():
                if scope in _SCOPES:
                    self._limits.is_limited(Key(_SCOPES[scope], name))

    def _leaves(self, one: Round, left: Left) -> None:
        if left.list_id in (None, one.content.list_id) and one.leaves(
            left.subscriber.bytes, left.why
        ):
            self._keeping.changed(one)
            _look(one)

    def _stop(self, mailing_id: str) -> None:
        for one in tuple(self._rounds.values()):
            if one.mailing_id == mailing_id:
                one.stop()
                _look(one)

    def _all_over_again(self) -> None:
        """Something may have been missed: who is not given out yet is read anew."""
        for one in tuple(self._rounds.values()):
            one.stop()
            _look(one)


def _look(one: Round) -> None:
    if one.done:
        one.ended.set()
