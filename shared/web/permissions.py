"""What each route demands of whoever asks. Deny is the default: a route says so or the app refuses.

Exactly one of these stands in every route's signature or `dependencies` (DESIGN §8):

    actor: Annotated[Actor, needs("bookings.read")]
    actor: Annotated[Actor, signed_in_only("one's own saved views")]
    actor: Annotated[Actor, open_to_all("the public form; participants have no accounts")]
    secret_hash: Annotated[str, link_holder]
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Header, Request

from shared.kernel.actor import ANYBODY, Actor
from shared.kernel.refusal import Forbidden
from shared.privacy.link_secret import has_its_shape, hash_of
from shared.web.rate_limit import check_anonymous
from shared.web.refusals import LinkMissing
from shared.web.route_table import KnownRoute, RouteTable
from shared.web.signed_in import maybe_signed_in, signed_in

PolicyKind = Literal["permission", "signed-in", "link", "open"]


class RouteWithoutPolicy(TypeError):
    """A route that says nothing about who may use it, or says two things: the app is not made."""


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """Who may use one route: `detail` is the permission, or the reason for there being none."""

    method: str
    path: str
    kind: PolicyKind
    detail: str


class _RoleMissing(Forbidden):
    """None of the asker's roles carries the permission."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self._permission = permission

    @property
    def rule(self) -> str:
        """Which permission it was."""
        return f"needs:{self._permission}"


class _Policy:
    """A dependency that decides; `kind` and `detail` are for the list of policies."""

    kind: PolicyKind

    def __init__(self, detail: str) -> None:
        self.detail = detail


class _Needs(_Policy):
    kind: PolicyKind = "permission"

    async def __call__(self, request: Request) -> Actor:
        actor = await signed_in(request)
        permissions: Mapping[str, frozenset[str]] = request.app.state.permissions
        if not actor.has(*permissions[self.detail]):
            raise _RoleMissing(self.detail)
        return actor


class _SignedInOnly(_Policy):
    kind: PolicyKind = "signed-in"

    async def __call__(self, request: Request) -> Actor:
        return await signed_in(request)


class _DecidedBy(_Policy):
    kind: PolicyKind = "signed-in"

    def __init__(self, detail: str, decide: Callable[[Request], Awaitable[Any]]) -> None:
        super().__init__(detail)
        self._decide = decide

    async def __call__(self, request: Request) -> Any:
        return await self._decide(request)


class _OpenToAll(_Policy):
    kind: PolicyKind = "open"

    def __init__(self, detail: str, *, limited: bool, whoever: bool) -> None:
        super().__init__(detail)
        self.limited, self._whoever = limited, whoever

    async def __call__(self, request: Request) -> Actor:
        actor = ANYBODY if self._whoever else await maybe_signed_in(request)
        if actor is ANYBODY and self.limited:
            check_anonymous(request)
        return actor


class _PassedOn(_Policy):
    kind: PolicyKind = "open"

    async def __call__(self) -> None:
        return None


class _LinkHolder(_Policy):
    kind: PolicyKind = "link"

    async def __call__(
        self,
        request: Request,
        link_secret: Annotated[
            str | None,
            Header(description="Den hemliga delen av deltagarens länk: 43 tecken base64url."),
        ] = None,
    ) -> str:
        check_anonymous(request)
        if link_secret is None or not has_its_shape(link_secret):
            raise LinkMissing
        return hash_of(link_secret)


def needs(permission: str) -> Any:
    """Only staff whose roles carry this permission, as the service's policy says; else 401, 403."""
    return Depends(_Needs(permission))


def signed_in_only(reason: str) -> Any:
    """Anybody who is signed in; the use case decides the rest. The reason is for readers."""
    return Depends(_SignedInOnly(reason))


def decided_by(decide: Callable[[Request], Awaitable[Any]], reason: str) -> Any:
    """Whoever `decide` makes of the request's Authorization; it raises for anybody else."""
    return Depends(_DecidedBy(reason, decide))


def open_to_all(reason: str, *, limited: bool = True, whoever: bool = False) -> Any:
    """Anybody at all, rate-limited by address unless signed in. The reason is for readers.

    With `whoever`, what they are signed in by is not looked at: a key that is no token is no error.
    """
    return Depends(_OpenToAll(reason, limited=limited, whoever=whoever))


def passed_on(reason: str) -> Any:
    """Handed on to a service whose own policy decides; the token is for it and not read here."""
    return Depends(_PassedOn(reason))


link_holder: Any = Depends(_LinkHolder("the holder of a participant's link"))
"""Whoever has a participant's link: gives its hash, which the service looks up."""


def policies_of(app: FastAPI) -> list[RoutePolicy]:
    """Every API route with its policy.

    Raises:
        RouteWithoutPolicy: one has none, or more than one.
    """
    return [
        RoutePolicy(method, route.path, policy.kind, policy.detail)
        for route in RouteTable(app).routes
        if route.is_api
        for policy in [policy_of(route)]
        for method in sorted(route.methods)
    ]


def policy_of(route: KnownRoute) -> _Policy:
    """The one policy that a route declares."""
    found = [declared for declared in route.declared if isinstance(declared, _Policy)]
    if len(found) != 1:
        said = "no policy" if not found else f"{len(found)} policies"
        raise RouteWithoutPolicy(f"{sorted(route.methods)} {route.path} declares {said}")
    return found[0]


def check_policies(
    table: RouteTable, permissions: Mapping[str, frozenset[str]], allowed: frozenset[str]
) -> None:
    """Refuse an app with a route that nobody decided about.

    Raises:
        RouteWithoutPolicy: see `policy_of`; a permission that the service's policy does not know;
            or a plain route or mount outside of `allowed` paths.
    """
    for route in table.routes:
        if not route.is_api:
            if route.path not in allowed:
                raise RouteWithoutPolicy(f"{route.path} is a plain route or mount, undeclared")
            continue
        policy = policy_of(route)
        if isinstance(policy, _Needs) and policy.detail not in permissions:
            raise RouteWithoutPolicy(f"{route.path} needs {policy.detail}, which no policy knows")
