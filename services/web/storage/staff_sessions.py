"""Sessions of signed-in staff: the cookie hashed, tokens and names encrypted at rest.

Times are real: a moved clock signs nobody out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.errors import PyMongoError

from services.web.storage.sealer import Sealer
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
_TOUCH_AFTER = timedelta(seconds=30)
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the identity provider says it is."""

    subject: str
    username: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The provider's tokens for web itself. `until` is when the access token ends.

    `proved_at` comes with a sign-in alone: when the person proved who they are, if that is known.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    until: datetime
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffSession:
    """An open session. `id` names it in lists; the cookie cannot be made from it.

    `proved_at` is when its person last proved to the provider who they are, if that is known.
    """

    key: str = field(repr=False)
    id: str
    person: Person
    tokens: Tokens = field(repr=False)
    form_token: str = field(repr=False)
    made_at: datetime
    seen_at: datetime
    browser: str = ""
    proved_at: datetime | None = None
    made_for: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The APIs' tokens as they were kept when it was found, sealed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its person sees it among their own."""

    id: str
    made_at: datetime
    seen_at: datetime
    browser: str


class StaffSessions:
    """Opens, finds, lists and ends sessions, and keeps what belongs to each."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._kept = database["staff_sessions"]
        self._key, self._sealer = key, Sealer(key)

    async def make_indexes(self) -> None:
        """The database throws out what has ended."""
        await self._kept.create_index("ends_at", name="ended", expireAfterSeconds=0)
        await self._kept.create_index("subject", name="subject")

    async def open(self, person: Person, tokens: Tokens, browser: str) -> str:
        """A new session, always with a new id; gives the cookie's value."""
        cookie = secrets.token_urlsafe(32)
        key, now = _key(cookie), real_now()
        await self._kept.insert_one(
            {
                "_id": key,
                "public_id": new_id(),
                "subject": person.subject,
                "made_at": now,
                "seen_at": now,
                "proved_at": tokens.proved_at,
                "ends_at": now + IDLE,
                "browser": self._sealer.seal(f"{key}/browser", browser[:200]),
                "form": hmac.new(
                    self._key, b"staff-form\0" + cookie.encode(), hashlib.sha256
                ).hexdigest(),
                "for": {},
                **self._sealed(key, person, tokens),
            }
        )
        return cookie

    async def find(self, cookie: str | None, *, touch: bool = True) -> StaffSession | None:
        """The session of a cookie, unless it is unknown, idle for too long, or too old.

        What a page asks for by itself does not `touch` it: only a person keeps a session awake.
        """
        if cookie is None or not _COOKIE.fullmatch(cookie):
            return None
        kept = await self._kept.find_one({"_id": _key(cookie)})
        now = real_now()
        if kept is None or _aware(kept["ends_at"]) <= now:
            return None
        if touch and now - _aware(kept["seen_at"]) > _TOUCH_AFTER:
            ends = min(now + IDLE, _aware(kept["made_at"]) + LONGEST)
            await self._kept.update_one(
                {"_id": kept["_id"]}, {"$set": {"seen_at": now, "ends_at": ends}}
            )
        return self._read(kept)

    async def again(self, key: str) -> StaffSession | None:
        """The session as it is kept now."""
        kept = await self._kept.find_one({"_id": key}, {"for": False})
        return self._read(kept) if kept else None

    async def renew(self, session: StaffSession, person: Person, tokens: Tokens) -> bool:
        """Keep fresh tokens and roles; False when another process has done so meanwhile."""
        done = await self._kept.update_one(
            {"_id": session.key, "until": session.tokens.until},
            {"$set": {**self._sealed(session.key, person, tokens), "for": {}}},
        )
        return bool(done.modified_count)

    async def token_for(self, session: StaffSession, api: str) -> tuple[str, datetime] | None:
        """The token for one API, and when it ends, if one is kept."""
        kept = await self._kept.find_one({"_id": session.key}, {f"for.{api}": True})
        return self._opened(session, api, kept["for"].get(api) if kept else None)

    def brought(self, session: StaffSession, api: str) -> tuple[str, datetime] | None:
        """The same as the session brought it along: no page asks once more for each API."""
        return self._opened(session, api, session.made_for.get(api))

    def _opened(
        self, session: StaffSession, api: str, found: Mapping[str, Any] | None
    ) -> tuple[str, datetime] | None:
        if found is None:
            return None
        token = self._sealer.open(f"{session.key}/{api}", bytes(found["box"]))
        return (token, _aware(found["until"])) if token else None

    async def keep_token(
        self, session: StaffSession, api: str, token: str, until: datetime
    ) -> None:
        """Remember the token for one API until it ends."""
        box = self._sealer.seal(f"{session.key}/{api}", token)
        await self._kept.update_one(
            {"_id": session.key}, {"$set": {f"for.{api}": {"box": box, "until": until}}}
        )

    async def of(self, subject: str) -> Sequence[Listed]:
        """A person's open sessions, the latest used first."""
        found = self._kept.find({"subject": subject, "ends_at": {"$gt": real_now()}})
        return [
            Listed(
                each["public_id"],
                _aware(each["made_at"]),
                _aware(each["seen_at"]),
                self._sealer.open(f"{each['_id']}/browser", bytes(each["browser"])) or "",
            )
            async for each in found.sort("seen_at", -1).limit(100)
        ]

    async def end(self, subject: str, public_id: str) -> None:
        """End one of a person's own sessions, now."""
        await self._kept.delete_one({"subject": subject, "public_id": public_id})

    async def end_all(self, subject: str) -> None:
        """End every session of a person, now."""
        await self._kept.delete_many({"subject": subject})

    async def close(self, cookie: str | None) -> None:
        """End the session of a cookie, now."""
        if cookie is not None:
            await self._kept.delete_one({"_id": _key(cookie)})

    async def open_among(self, keys: Collection[str], before: frozenset[str]) -> frozenset[str]:
        """Those of the sessions that are open still; as `before` while the database is away."""
        found = self._kept.find(
            {"_id": {"$in": list(keys)}, "ends_at": {"$gt": real_now()}}, {"_id": True}
        )
        try:
            return frozenset([each["_id"] async for each in found])
        except PyMongoError:
            return before

    def _sealed(self, key: str, person: Person, tokens: Tokens) -> dict[str, Any]:
        who = {"username": person.username, "name": person.name, "roles": sorted(person.roles)}
        held = {"access": tokens.access, "refresh": tokens.refresh}
        return {
            "who": self._sealer.seal(f"{key}/who", json.dumps(who)),
            "tokens": self._sealer.seal(f"{key}/tokens", json.dumps(held)),
            "until": tokens.until,
        }

    def _read(self, kept: Mapping[str, Any]) -> StaffSession | None:
        key: str = kept["_id"]
        who = self._sealer.open(f"{key}/who", bytes(kept["who"]))
        held = self._sealer.open(f"{key}/tokens", bytes(kept["tokens"]))
        if who is None or held is None:
            return None
        person, tokens = json.loads(who), json.loads(held)
        return StaffSession(
            key=key,
            id=kept["public_id"],
            person=Person(
                kept["subject"], person["username"], person["name"], frozenset(person["roles"])
            ),
            tokens=Tokens(tokens["access"], tokens["refresh"], _aware(kept["until"])),
            form_token=kept["form"],
            made_at=_aware(kept["made_at"]),
            seen_at=_aware(kept["seen_at"]),
            browser=self._sealer.open(f"{key}/browser", bytes(kept["browser"])) or "",
            proved_at=_aware(kept["proved_at"]) if kept.get("proved_at") else None,
            made_for=kept.get("for", {}),
        )


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
