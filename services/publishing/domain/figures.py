"""Figures that editors see: a number that could point at somebody is not shown."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5
"""Fewer people than this are hidden (nought is shown: it points at nobody)."""


def shown(count: int) -> int | None:
    """The count, or None when it is of one to four people.

    Raises:
        ValueError: it is below nought.
    """
    if count < 0:
        raise ValueError("people are counted from nought")
    return None if 0 < count < FEWEST else count


def table(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Parts of a known whole: one hidden part alone could be found by subtracting, so two hide.

    The hidden parts together hold at least five people, as far as there are any others to hide.
    """
    hidden = {name for name, count in counts.items() if shown(count) is None}
    others = sorted((count, name) for name, count in counts.items() if count >= FEWEST)
    for _, name in others:
        together = sum(counts[each] for each in hidden)
        if not hidden or together >= FEWEST:
            break
        hidden.add(name)
    return {name: None if name in hidden else count for name, count in counts.items()}
