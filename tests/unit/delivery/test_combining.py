"""Waiting decisions are combined; everybody still gets their own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.delivery.combining import Combiner
from shared.kernel.refusal import Refusal, VersionConflict


class Full(Refusal):
    kind = "full"


@dataclass
class Room:
    """A store of places per key, with a version, and everything that can go wrong in it."""

    places: int
    taken: dict[str, list[int]] = field(default_factory=dict)
    loads: int = 0
    commits: list[int] = field(default_factory=list)
    conflicts: int = 0
    poisoned: frozenset[int] = frozenset()

    async def load(self, key: str, members: Sequence[int]) -> tuple[int, ...]:
        self.loads += 1
        await asyncio.sleep(0)
        return tuple(self.taken.get(key, ()))

    def decide(self, state: tuple[int, ...], member: int) -> tuple[tuple[int, ...], int]:
        if len(state) >= self.places:
            raise Full
        return (*state, member), len(state)

    async def commit(
        self, key: str, state: tuple[int, ...], decided: Sequence[tuple[int, int]]
    ) -> None:
        await asyncio.sleep(0)
        if self.conflicts:
            self.conflicts -= 1
            raise VersionConflict
        if self.poisoned & {member for member, _ in decided}:
            raise KeyError("poisoned")
        self.taken[key] = list(state)
        self.commits.append(len(decided))

    def combiner(self, limit: int = 64) -> Combiner[str, int, tuple[int, ...], int]:
        return Combiner(self.load, self.decide, self.commit, limit)


async def ask_all(
    combiner: Combiner[str, int, tuple[int, ...], int], members: Sequence[int], keys: int = 1
) -> list[int | BaseException]:
    asked = [combiner.ask(str(member % keys), member) for member in members]
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_those_who_wait_are_saved_together() -> None:
    """Two hundred at once cost a handful of loads, and no more is given than there is."""
    room = Room(places=100)
    answers = await ask_all(room.combiner(), range(200))
    assert answers[:100] == list(range(100))
    assert all(isinstance(answer, Full) for answer in answers[100:])
    assert sum(room.commits) == 100
    assert room.loads <= 5


async def test_one_alone_is_not_kept_waiting() -> None:
    """A single decision is loaded and saved at once."""
    room = Room(places=1)
    assert await room.combiner().ask("a", 7) == 0
    assert room.commits == [1]


async def test_a_conflict_is_loaded_and_decided_again() -> None:
    """When somebody else saved first, the whole group decides anew on what stands there now."""
    room = Room(places=10, conflicts=3)
    assert await ask_all(room.combiner(), range(5)) == [0, 1, 2, 3, 4]
    assert room.loads == 4


async def test_a_conflict_without_end_is_told_to_everybody() -> None:
    """After very many conflicts everybody learns that it did not work."""
    room = Room(places=10, conflicts=10_000)
    answers = await ask_all(room.combiner(), range(2))
    assert [type(answer) for answer in answers] == [VersionConflict, VersionConflict]


async def test_one_bad_apple_spoils_nobody() -> None:
    """An error in saving a group hits only the member whose it is."""
    room = Room(places=10, poisoned=frozenset({3}))
    answers = await ask_all(room.combiner(), range(6))
    assert isinstance(answers[3], KeyError)
    assert sorted(room.taken["0"]) == [0, 1, 2, 4, 5]


async def test_who_gives_up_waiting_is_left_out() -> None:
    """Somebody who cancels before their group begins takes no place."""
    room = Room(places=10)
    combiner = room.combiner(limit=1)
    asked = [asyncio.create_task(combiner.ask("a", member)) for member in range(3)]
    await asyncio.sleep(0)
    asked[2].cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert room.taken["a"] == [0, 1]


async def test_keys_do_not_wait_for_each_other() -> None:
    """A group that is stuck holds up nobody with another key."""
    never = asyncio.Event()

    async def load(key: str, members: Sequence[int]) -> int:
        if key == "stuck":
            await never.wait()
        return 0

    async def commit(key: str, state: int, decided: Sequence[tuple[int, int]]) -> None: ...

    combiner: Combiner[str, int, int, int] = Combiner(load, lambda s, m: (s, m), commit)
    stuck = asyncio.create_task(combiner.ask("stuck", 1))
    assert await combiner.ask("free", 2) == 2
    never.set()
    assert await stuck == 1


@settings(max_examples=60, deadline=None)
@given(
    members=st.lists(st.integers(0, 50), unique=True, max_size=40),
    places=st.integers(0, 30),
    keys=st.integers(1, 4),
    limit=st.integers(1, 9),
    conflicts=st.integers(0, 5),
    poisoned=st.frozensets(st.integers(0, 50), max_size=3),
)
def test_combined_is_as_if_one_by_one(
    members: list[int],
    places: int,
    keys: int,
    limit: int,
    conflicts: int,
    poisoned: frozenset[int],
) -> None:
    """Whatever happens, who got an answer is saved exactly once, and nobody else is."""
    room = Room(places, conflicts=conflicts, poisoned=poisoned)
    answers = asyncio.run(ask_all(room.combiner(limit), members, keys))
    granted = [m for m, a in zip(members, answers, strict=True) if isinstance(a, int)]
    saved = [member for taken in room.taken.values() for member in taken]
    assert sorted(granted) == sorted(saved)
    assert all(len(taken) <= places for taken in room.taken.values())
    for member, answer in zip(members, answers, strict=True):
        if isinstance(answer, KeyError):
            assert member in poisoned
        if isinstance(answer, Full):
            free = set(members) - poisoned
            assert len([m for m in free if m % keys == member % keys]) >= places
