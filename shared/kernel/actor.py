"""Who is asking. Every store is asked on somebody's behalf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["staff", "participant", "anybody", "service", "housekeeping"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: a signed-in person, the holder of a link, a service, or the clockwork.

    `id` is the token's subject for staff and the booking id for a participant. `username` is the
    staff member's own short name (`leyla.sjo`), the one that an occasion's leaders are matched by.
    `proved_at` is when somebody last proved to the identity provider who they are, in real time;
    None where nobody says.
    """

    kind: Kind
    id: str
    roles: frozenset[str] = frozenset()
    name: str = ""
    username: str = ""
    booking_id: str | None = None
    recipient_id: str | None = None
    proved_at: datetime | None = None

    def has(self, *roles: str) -> bool:
        """Whether the actor has any of the roles."""
        return not self.roles.isdisjoint(roles)


ANYBODY = Actor(kind="anybody", id="anybody")
"""A visitor without an account or link; may do what is open to all."""


def housekeeping(reason: str) -> Actor:
    """The clockwork or an event, named by what made it act (a task's name or an event id)."""
    return Actor(kind="housekeeping", id=reason)
