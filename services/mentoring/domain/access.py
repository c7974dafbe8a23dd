"""Who somebody is to a case, and what that lets them do. The table of rights is policy's.

No right takes a right away: somebody may do what any of their roles and relations allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import Username
from services.mentoring.domain.phases import Phase
from services.mentoring.domain.rights import (
    GROUP_OF_ACTION,
    OWN_RECORDS,
    Action,
    FieldGroup,
    RelationKind,
)
from services.mentoring.domain.rules import ProtectedStaysHere
from shared.kernel.actor import Actor
from shared.kernel.refusal import Forbidden, NotFound, Refusal

SHOWS_NOTHING: frozenset[Action] = frozenset({"open-glass", "hold", "forget"})
"""What a role alone may do to a protected case too: the answer tells nothing of the person."""

Allowed = Callable[[str, RelationKind, Phase, Action, FieldGroup], bool]
"""Policy's question: role, relation, phase, action, field group."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Yes, as these. `own_only`: nothing but records that the actor made or takes part in.

    Also when something is written: what somebody is not shown they neither change nor add to.
    """

    relations: frozenset[RelationKind]
    own_only: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """No. `rule` is what the asker is answered with; the attempt is recorded all the same."""

    rule: type[Refusal]


def relations_of(case: Case, actor: Actor, now: datetime) -> frozenset[RelationKind]:
    """All that the actor is to the case now; empty for a stranger.

    A stand-in is the lead too while the lead is away. For a protected case only the named have a
    relation, and whoever holds an emergency access that a second person confirmed.
    """
    if actor.kind != "staff" or not actor.username:
        return frozenset()
    username = Username(actor.username)
    found: set[RelationKind] = set()
    relation = case.relation(username)
    if relation and is_named(case, username):
        found.add(relation.kind)
        if relation.kind == "stand-in" and case.lead_is_away(now):
            found.add("lead")
    for glass in case.glasses:
        if (
            glass.username == username
            and glass.is_live(now)
            and (glass.second or not case.protected)
        ):
            found.add("break-glass")
    return frozenset(found)


def is_called_upon(case: Case, actor: Actor, now: datetime) -> bool:
    """Whether a notice about the case is still the actor's business.

    Whoever is named for a protected case may be asked to confirm without standing around it.
    """
    named = case.protected and actor.username in case.protected_circle
    return named or bool(relations_of(case, actor, now))


def is_named(case: Case, username: Username) -> bool:
    """Whether a protected identity stands in nobody's way here."""
    return not case.protected or username in case.protected_circle


def decide(
    allowed: Allowed,
    case: Case,
    actor: Actor,
    now: datetime,
    action: Action,
    group: FieldGroup | None = None,
) -> Granted | Refused:
    """Whether the actor may do this to the case now.

    `group` is needed for read, write and export; each other action has its own. A stranger gets
    NotFound, the same answer as for a case that is not there; somebody who knows the case gets
    Forbidden.
    """
    about = group or GROUP_OF_ACTION[action]
    if actor.kind != "staff" or not actor.username:
        return Refused(NotFound)
    relations = relations_of(case, actor, now)
    having = frozenset(
        relation
        for relation in _usable(case, actor, relations, action)
        if any(allowed(role, relation, case.phase, action, about) for role in actor.roles)
    )
    if not having:
        return Refused(Forbidden if relations else NotFound)
    if action == "export" and case.protected:
        return Refused(ProtectedStaysHere)
    return _as_far_as_shown(case, actor, having, action, about)


def _usable(
    case: Case, actor: Actor, relations: frozenset[RelationKind], action: Action
) -> frozenset[RelationKind]:
    # A role alone reaches a protected case only if it is named.
    if is_named(case, Username(actor.username)) or action in SHOWS_NOTHING:
        return relations | {"none"}
    return relations


def _as_far_as_shown(
    case: Case,
    actor: Actor,
    having: frozenset[RelationKind],
    action: Action,
    group: FieldGroup,
) -> Granted | Refused:
    chosen = having & {"mentor", "aftercare"}
    relation = case.relation(Username(actor.username))
    if (
        chosen != having
        or action not in {"read", "write", "export"}
        or not relation
        or group in relation.sees
    ):
        return Granted(having)
    return Granted(having, own_only=True) if group in OWN_RECORDS else Refused(Forbidden)
