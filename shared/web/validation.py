"""A failed validation, told by our own field names and limits; what was sent stays unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from shared.web.language import Language
from shared.web.validation_words import words_for

MOST = 50
"""More complaints than this help nobody."""

_SENDERS_NAME_LAST = frozenset({"extra_forbidden", "invalid_key"})


def field_names(document: Mapping[str, Any]) -> frozenset[str]:
    """Every field and parameter name that stands in an OpenAPI document."""
    return frozenset(_names(document))


def complaints_of(
    errors: Sequence[Mapping[str, Any]], known: frozenset[str], language: Language
) -> list[dict[str, str]]:
    """One entry per complaint: where (`pointer` in the body, or `parameter` and `in`) and what."""
    return [
        {
            **_where(error, known),
            "kind": str(error["type"]).replace("_", "-"),
            "detail": words_for(str(error["type"]), error.get("ctx") or {}, language),
        }
        for error in errors[:MOST]
    ]


def is_wrong_media_type(error: RequestValidationError) -> bool:
    """A JSON body was wanted and something else came: FastAPI then passes the raw bytes on."""
    return isinstance(error.body, bytes) and bool(error.body)


def _where(error: Mapping[str, Any], known: frozenset[str]) -> dict[str, str]:
    location: tuple[str | int, ...] = tuple(error.get("loc") or ())
    place, path = (str(location[0]), location[1:]) if location else ("body", ())
    if error["type"] in _SENDERS_NAME_LAST:
        path = path[:-1]
    ours = list(_ours(path, known))
    if place == "body":
        return {"pointer": "".join(f"/{part}" for part in ours)}
    return {"in": place, "parameter": ours[-1] if ours else ""}


def _ours(path: Iterable[str | int], known: frozenset[str]) -> Iterator[str]:
    """Names of our own and positions in lists; union tags and unknown names are left out."""
    for part in path:
        if isinstance(part, int) or part in known:
            yield str(part)


def _names(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        properties = node.get("properties")
        if isinstance(properties, Mapping):
            yield from (str(name) for name in properties)
        if "in" in node and isinstance(node.get("name"), str):
            yield node["name"]
            yield node["name"].lower()
        for child in node.values():
            yield from _names(child)
    elif isinstance(node, list):
        for child in node:
            yield from _names(child)
