"""Sign-ins that have begun and not yet come back: each is used once, by the browser that began."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.web.storage.sealer import Sealer
from shared.kernel.clock import real_now
from shared.mongo.client import Database

WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: what only we know of it, and where it leads.

    A `fresh` one asks the person to prove again who they are, whatever the provider remembers.
    """

    cookie: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    then: str
    fresh: bool = False


class SignIns:
    """Begins and finishes sign-ins."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._kept = database["sign_ins"]
        self._sealer = Sealer(key)

    async def make_indexes(self) -> None:
        """The database throws out what was never finished."""
        await self._kept.create_index("ends_at", name="ended", expireAfterSeconds=0)

    async def begin(self, then: str, *, fresh: bool = False) -> Begun:
        """A new one."""
        cookie, state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        begun = Begun(cookie, state, nonce, verifier, then, fresh)
        place = _place(begun.cookie, begun.state)
        held = "\n".join((begun.nonce, begun.verifier, "fresh" if fresh else "", begun.then))
        await self._kept.insert_one(
            {
                "_id": place,
                "held": self._sealer.seal(place, held),
                "ends_at": real_now() + WITHIN,
            }
        )
        return begun

    async def finish(self, cookie: str, state: str) -> Begun | None:
        """What was begun by this browser with this state, once; None for any other."""
        place = _place(cookie, state)
        kept = await self._kept.find_one_and_delete({"_id": place})
        if kept is None or _aware(kept["ends_at"]) <= real_now():
            return None
        held = self._sealer.open(place, bytes(kept["held"]))
        if held is None:
            return None
        nonce, verifier, fresh, then = held.split("\n", 3)
        return Begun(cookie, state, nonce, verifier, then, fresh == "fresh")


def _place(cookie: str, state: str) -> str:
    return hashlib.sha256(f"{cookie}\0{state}".encode()).hexdigest()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
