"""Gathers wishes about one occasion with the shared Combiner, and hands them over as one group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.booking.use_cases.decisions import Together
from services.booking.use_cases.wishes import Wish
from shared.delivery.combining import Combiner
from shared.kernel.ids import OccasionId


@dataclass(slots=True, eq=False)
class _Waiting:
    """One member, and its outcome once the group is saved. A refusal is an outcome too."""

    wish: Wish[Any]
    outcome: Any = None


Group = list[_Waiting]


class Gathered:
    """The group is decided in `commit`, as even a group of refusals saves what time has done."""

    def __init__(self, together: Together) -> None:
        self._together = together
        self._combiner: Combiner[OccasionId, Wish[Any], Group, _Waiting] = Combiner(
            self._load, self._decide, self._commit, name="occasions"
        )

    async def ask(self, key: OccasionId, member: Wish[Any]) -> Any:
        """The member's own outcome: its answer, or its refusal."""
        return (await self._combiner.ask(key, member)).outcome

    async def _load(self, _key: OccasionId, _members: Sequence[Wish[Any]]) -> Group:
        return []

    def _decide(self, group: Group, wish: Wish[Any]) -> tuple[Group, _Waiting]:
        waiting = _Waiting(wish)
        group.append(waiting)
        return group, waiting

    async def _commit(
        self, key: OccasionId, group: Group, _decided: Sequence[tuple[Wish[Any], _Waiting]]
    ) -> None:
        outcomes = await self._together(key, [waiting.wish for waiting in group])
        for waiting, outcome in zip(group, outcomes, strict=True):
            waiting.outcome = outcome


class Alone:
    """No combining: each wish by itself. For tests that need many loads at the same time."""

    def __init__(self, together: Together) -> None:
        self._together = together

    async def ask(self, key: OccasionId, member: Wish[Any]) -> Any:
        """The member's own outcome."""
        (outcome,) = await self._together(key, [member])
        return outcome
