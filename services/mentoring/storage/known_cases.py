"""Aggregates as they were last read, each at its version: a list reads anew only what has changed.

Which cases there are, and at which version each is, is asked of the database every time; a case
is taken from here at that very version only. It holds what the aggregate holds: codes, ids and
times, no text and no name.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from services.mentoring.domain.case import Case

MOST = 20_000
"""Cases that are remembered in one process: some 40 MB."""


class KnownCases:
    """By id, each at one version; the longest unused go first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Case] = OrderedDict()

    def at(self, case_id: str, version: int) -> Case | None:
        """The case at that version, if it is known."""
        kept = self._kept.get(case_id)
        if kept is None or kept.version != version:
            return None
        self._kept.move_to_end(case_id)
        return kept

    def keep(self, cases: Iterable[Case]) -> None:
        """As they were read just now."""
        for case in cases:
            self._kept[case.id] = case
            self._kept.move_to_end(case.id)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
