"""Waiting decisions on the same thing are decided together: load once, save once, answer each.

The more of them wait, the cheaper each becomes, instead of all but one failing on the version.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shared.kernel.pauses import Pauses
from shared.kernel.refusal import VersionConflict
from shared.observability import metrics

K = TypeVar("K", bound=Hashable)
M = TypeVar("M")
S = TypeVar("S")
R = TypeVar("R")

_CONFLICTS = 20


@dataclass(slots=True, eq=False)
class _Waiting(Generic[M, R]):
    member: M
    answer: asyncio.Future[R] = field(repr=False)


class Combiner(Generic[K, M, S, R]):
    """Combines within this process; other processes are kept apart by the version that is saved.

    `load(key, members)` gives the state, and may look up for all members what they need in one
    query. `decide(state, member)` is pure and gives the next state and the member's answer, or
    raises: that ends its own member only. `commit(key, state, decided)` saves the last state with
    everybody's effects in one transaction; VersionConflict means that all is loaded and decided
    again, any other error that the members are committed one by one, so that one bad apple spoils
    nobody else's day.

    Each member is authorised before it asks. The three run outside of any member's context: what
    they need of it (its cause, its actor) is part of the member.
    """

    def __init__(
        self,
        load: Callable[[K, Sequence[M]], Awaitable[S]],
        decide: Callable[[S, M], tuple[S, R]],
        commit: Callable[[K, S, Sequence[tuple[M, R]]], Awaitable[None]],
        limit: int = 64,
        *,
        name: str = "decisions",
    ) -> None:
        self._load = load
        self._decide = decide
        self._commit = commit
        self._limit = limit
        self._sizes = metrics.COMBINED_GROUP_SIZE.labels(name)
        self._queues: dict[K, deque[_Waiting[M, R]]] = {}
        self._runners: set[asyncio.Task[None]] = set()

    async def ask(self, key: K, member: M) -> R:
        """The member's own answer, saved; or its refusal or error.

        Cancelling before its group has begun withdraws it; afterwards it is decided all the same.
        """
        loop = asyncio.get_running_loop()
        waiting: _Waiting[M, R] = _Waiting(member, loop.create_future())
        queue = self._queues.get(key)
        if queue is None:
            self._queues[key] = deque([waiting])
            runner = loop.create_task(self._run(key), context=Context())
            self._runners.add(runner)
            runner.add_done_callback(self._runners.discard)
        else:
            queue.append(waiting)
        return await waiting.answer

    async def _run(self, key: K) -> None:
        queue = self._queues[key]
        try:
            while queue:
                taken = [queue.popleft() for _ in range(min(self._limit, len(queue)))]
                group = [each for each in taken if not each.answer.done()]
                if group:
                    self._sizes.observe(len(group))
                    await self._together(key, group)
        finally:
            del self._queues[key]
            for each in queue:
                each.answer.cancel()

    async def _together(self, key: K, group: list[_Waiting[M, R]]) -> None:
        try:
            await self._settle(key, group)
        except Exception as error:  # noqa: BLE001 - it belongs to one of them; find out whose
            if len(group) == 1:
                _answer_with_error(group[0], error)
                return
            for each in group:
                if not each.answer.done():
                    await self._together(key, [each])

    async def _settle(self, key: K, group: list[_Waiting[M, R]]) -> None:
        """Decide and save the group; answers are given only after the save."""
        pauses = Pauses(0.002, 0.1)
        for _ in range(_CONFLICTS):
            state = await self._load(key, [each.member for each in group])
            granted, refused = self._decided(state, group)
            try:
                if granted:
                    after = granted[-1][1]
                    decided = [(each.member, answer) for each, _, answer in granted]
                    await self._commit(key, after, decided)
            except VersionConflict:
                await pauses.rest()
                continue
            for each, _, answer in granted:
                if not each.answer.done():
                    each.answer.set_result(answer)
            for each, error in refused:
                _answer_with_error(each, error)
            return
        raise VersionConflict

    def _decided(
        self, state: S, group: list[_Waiting[M, R]]
    ) -> tuple[list[tuple[_Waiting[M, R], S, R]], list[tuple[_Waiting[M, R], Exception]]]:
        granted: list[tuple[_Waiting[M, R], S, R]] = []
        refused: list[tuple[_Waiting[M, R], Exception]] = []
        for each in group:
            try:
                state, answer = self._decide(state, each.member)
            except Exception as error:  # noqa: BLE001 - ends its own member only
                refused.append((each, error))
            else:
                granted.append((each, state, answer))
        return granted, refused


def _answer_with_error(waiting: _Waiting[M, R], error: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)
