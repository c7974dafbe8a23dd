"""Which of our two languages to answer in (RFC 9110 §12.5.4). Swedish unless English is wanted."""

from __future__ import annotations

from typing import Literal

from starlette.requests import HTTPConnection

Language = Literal["sv", "en"]


def language_of(request: HTTPConnection) -> Language:
    """The better liked of `sv` and `en` in Accept-Language; `sv` when neither is named."""
    liked = {"sv": -1.0, "en": -1.0}
    for wish in request.headers.get("accept-language", "")[:200].split(","):
        tag, _, weight = wish.strip().partition(";")
        primary = tag.strip().split("-")[0].lower()
        if primary in liked:
            liked[primary] = max(liked[primary], _quality(weight))
    return "en" if liked["en"] > max(liked["sv"], 0.0) else "sv"


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
