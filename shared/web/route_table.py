"""All routes of an app in one list, with what each declared: its policy, its body limit.

FastAPI keeps included routers nested; `iter_route_contexts` gives each route as it is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Mount

UNMATCHED = "(none)"


@dataclass(frozen=True, slots=True)
class KnownRoute:
    """One route as served. `declared` are the callables of all its dependencies."""

    path: str
    regex: re.Pattern[str]
    methods: frozenset[str]
    endpoint: object
    declared: tuple[object, ...]
    is_api: bool
    is_mount: bool
    original: BaseRoute


class RouteTable:
    """Looks routes up by the path that was asked for, or by the endpoint that was found."""

    def __init__(self, app: FastAPI) -> None:
        self.routes: Sequence[KnownRoute] = tuple(_known(app))
        self._by_endpoint: Mapping[int, list[KnownRoute]] = _grouped(self.routes)

    def template(self, scope: Mapping[str, Any]) -> str:
        """The route's template, e.g. `/v1/bookings/{bookingId}`; never the path itself."""
        found = self._by_endpoint.get(id(scope.get("endpoint")), [])
        if len(found) == 1:
            return found[0].path
        path = str(scope.get("path", ""))
        return next((route.path for route in found if route.regex.match(path)), UNMATCHED)

    def methods_at(self, path: str) -> list[str]:
        """What may be asked at a path, for the Allow header."""
        found = {
            method
            for route in self.routes
            if not route.is_mount and route.regex.match(path)
            for method in route.methods
        }
        return sorted(found | {"HEAD"} if "GET" in found else found)


def _known(app: FastAPI) -> Iterator[KnownRoute]:
    for context in iter_route_contexts(app.routes):
        original = context.original_route
        is_mount = isinstance(original, Mount)
        path = (context.path if is_mount else context.path_format or context.path) or ""
        yield KnownRoute(
            path=path,
            regex=_regex(context, original),
            methods=frozenset(context.methods or ()),
            endpoint=context.endpoint,
            declared=tuple(_declared(getattr(context, "dependant", None))),
            is_api=isinstance(original, APIRoute),
            is_mount=is_mount,
            original=original,
        )


def _regex(context: RouteContext, original: BaseRoute) -> re.Pattern[str]:
    found = getattr(context, "path_regex", None) or getattr(original, "path_regex", None)
    return found if isinstance(found, re.Pattern) else re.compile(r"(?!)")


def _declared(dependant: Dependant | None) -> Iterator[object]:
    for dependency in dependant.dependencies if dependant else ():
        if dependency.call is not None:
            yield dependency.call
        yield from _declared(dependency)


def _grouped(routes: Sequence[KnownRoute]) -> dict[int, list[KnownRoute]]:
    grouped: dict[int, list[KnownRoute]] = {}
    for route in routes:
        grouped.setdefault(id(route.endpoint), []).append(route)
    return grouped
