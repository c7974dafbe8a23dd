"""Which entries somebody wants, and which of them they may have."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from services.publishing.feeds.domain.refusals import FilterMakesNoSense

_TYPE = re.compile(r"se\.safespace(\.[a-z][a-z0-9-]*)*(\.v[0-9]+|\.\*)")
_PLACE = re.compile(r"[^\W_](?:[\w .,/()-]{0,78}[\w.)])?")
MOST = 50
"""Types, and places, in one filter."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Nothing named means everything.

    `types` are event types, or a beginning with `.*`: `se.safespace.booking.*`. An entry that has
    no place concerns every place.
    """

    types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", tuple(sorted(set(self.types))))
        object.__setattr__(self, "places", self.keys_of(self.places))
        if (
            max(len(self.types), len(self.places)) > MOST
            or not all(_TYPE.fullmatch(name) for name in self.types)
            or not all(_PLACE.fullmatch(place) for place in self.places)
        ):
            raise FilterMakesNoSense

    @staticmethod
    def keys_of(places: Collection[str]) -> tuple[str, ...]:
        """Places as filters compare them."""
        return tuple(sorted({_same(place) for place in places}))

    def wants(self, event_type: str, places: Collection[str]) -> bool:
        """Whether an entry of this type, about these places, passes."""
        return self._wants_type(event_type) and (
            not self.places
            or not places
            or not {_same(one) for one in places}.isdisjoint(self.places)
        )

    def _wants_type(self, event_type: str) -> bool:
        return not self.types or any(
            event_type.startswith(name[:-1]) if name.endswith(".*") else event_type == name
            for name in self.types
        )


EVERYTHING = Filter()


def within(asked: Filter, allowed: Filter, event_type: str, places: Collection[str]) -> bool:
    """Whether an entry passes both: what a subscription asks for, and what its partner may see."""
    return asked.wants(event_type, places) and allowed.wants(event_type, places)


def _same(place: str) -> str:
    return " ".join(place.split()).casefold()
