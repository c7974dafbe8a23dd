"""Which language a subscriber reads a mailing in: their own wish, else the nearest there is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

HOUSE = ("sv", "en")
"""What everything falls back on, in this order."""
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "prs", "ps", "ur", "yi"})

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def well_formed(tag: str) -> str | None:
    """The tag in lower case when it looks like one of BCP 47 (`sv`, `en-gb`); else None."""
    lowered = tag.strip().replace("_", "-").lower()
    return lowered if _TAG.fullmatch(lowered) else None


def chain(wishes: Collection[str], default: str) -> tuple[str, ...]:
    """Every language to try, best first: each wish, what it shortens to, the list's own, ours.

    A wish that is no language is passed over: it came from a form or a file.
    """
    tried: dict[str, None] = {}
    for wish in (*wishes, default, *HOUSE):
        tag = well_formed(wish)
        if tag is not None:
            tried.update(dict.fromkeys(_shortened(tag)))
    return tuple(tried)


def chosen(wishes: Collection[str], available: Collection[str], default: str) -> str:
    """The variant that this reader gets.

    Raises:
        ValueError: there is no variant at all.
    """
    if not available:
        raise ValueError("a mailing has at least one language")
    for tag in chain(wishes, default):
        if tag in available:
            return tag
    return min(available)


def direction(tag: str) -> str:
    """`rtl` or `ltr`, as HTML's `dir` wants it."""
    return "rtl" if tag.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def _shortened(tag: str) -> Iterator[str]:
    """`en-gb-x` → en-gb-x, en-gb, en (RFC 4647 §3.4, lookup)."""
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])
