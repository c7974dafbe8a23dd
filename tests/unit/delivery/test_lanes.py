"""Turns are given per key, in the order of asking."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.delivery.lanes import Lanes


@settings(max_examples=60, deadline=None)
@given(
    keys=st.lists(st.integers(0, 3), max_size=30),
    rests=st.lists(st.integers(0, 3), min_size=30, max_size=30),
    cancelled=st.sets(st.integers(0, 29), max_size=6),
)
def test_one_at_a_time_and_in_order(keys: list[int], rests: list[int], cancelled: set[int]) -> None:
    """Nobody overtakes within a key and no two work at once, also when some give up waiting."""
    ended: list[int] = []
    at_work: list[int] = []
    lanes: Lanes[int] = Lanes()

    async def work(number: int, key: int) -> None:
        async with lanes.turn(key):
            assert key not in at_work
            at_work.append(key)
            try:
                for _ in range(rests[number]):
                    await asyncio.sleep(0)
                ended.append(number)
            finally:
                at_work.remove(key)

    async def everybody() -> None:
        tasks = [asyncio.create_task(work(number, key)) for number, key in enumerate(keys)]
        await asyncio.sleep(0)
        waiting = [number for number in cancelled if number < len(keys)]
        waiting = [number for number in waiting if keys[number] in keys[:number]]
        for number in waiting:
            tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(everybody())
    for key in set(keys):
        order = [number for number in ended if keys[number] == key]
        assert order == sorted(order)
    left_out = set(range(len(keys))) - set(ended)
    assert left_out <= cancelled
    assert len(lanes) == 0


async def test_keys_go_side_by_side() -> None:
    """One key at work does not hold up another."""
    lanes: Lanes[str] = Lanes()
    async with lanes.turn("a"), lanes.turn("b"):
        assert len(lanes) == 2
