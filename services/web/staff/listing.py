"""A list's filters, sort and place, all in its address: what is shown can be linked and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

LIMIT = 25
_HIGHEST_OFFSET = 100_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a list is shown. `filters` has only names that the page knows, and no empty ones."""

    path: str
    filters: Mapping[str, str]
    sort: str
    limit: int
    offset: int

    def link(self, **changed: object) -> str:
        """The address with something changed; a new filter or sort begins at the first row."""
        asked = {**self.filters, "sort": self.sort, "offset": "", **changed}
        kept = {name: str(value) for name, value in asked.items() if value not in ("", None, 0)}
        return self.path + (f"?{urlencode(kept)}" if kept else "")

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.filters)


def shown(
    request: Request,
    *,
    filters: Sequence[str],
    sorts: Sequence[str] = (),
    limit: int = LIMIT,
) -> Shown:
    """Read from the address; what no list of ours can mean is left out."""
    asked = request.query_params
    sort = asked.get("sort", "")
    offset = asked.get("offset", "")
    return Shown(
        request.url.path,
        {name: asked[name][:200] for name in filters if asked.get(name)},
        sort if sort.removeprefix("-") in sorts else "",
        limit,
        min(int(offset), _HIGHEST_OFFSET) if offset.isascii() and offset.isdigit() else 0,
    )
