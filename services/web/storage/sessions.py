"""Browser sessions. The cookie is random; only its hash is kept, and the link secret encrypted."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.web.storage.sealer import Sealer
from shared.kernel.clock import real_now
from shared.mongo.client import Database

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=24)
_TOUCH_AFTER = timedelta(minutes=1)
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Visit:
    """An open session: the link secret, and the token that its forms must carry."""

    cookie: str
    link_secret: str
    form_token: str


class Sessions:
    """Opens, finds and closes sessions. Times are real: a moved clock signs nobody out.

    Each kind of link has a collection of its own (`name`): none opens another one's pages.
    """

    def __init__(self, database: Database, key: bytes, name: str = "sessions") -> None:
        self._kept = database[name]
        self._key, self._sealer = key, Sealer(key)

    async def make_indexes(self) -> None:
        """The database throws out what has ended."""
        await self._kept.create_index("ends_at", name="ended", expireAfterSeconds=0)

    async def open(self, link_secret: str) -> str:
        """A new session; gives the cookie's value."""
        cookie = secrets.token_urlsafe(32)
        now = real_now()
        await self._kept.insert_one(
            {
                "_id": _id(cookie),
                "secret": self._sealer.seal(_id(cookie), link_secret),
                "made_at": now,
                "seen_at": now,
                "ends_at": now + IDLE,
            }
        )
        return cookie

    async def find(self, cookie: str | None) -> Visit | None:
        """The session of a cookie, unless it is unknown, idle for too long, or too old."""
        if cookie is None or not _COOKIE.fullmatch(cookie):
            return None
        kept = await self._kept.find_one({"_id": _id(cookie)})
        now = real_now()
        if kept is None or _aware(kept["ends_at"]) <= now:
            return None
        secret = self._sealer.open(kept["_id"], bytes(kept["secret"]))
        if secret is None:
            return None
        if now - _aware(kept["seen_at"]) > _TOUCH_AFTER:
            ends = min(now + IDLE, _aware(kept["made_at"]) + LONGEST)
            await self._kept.update_one(
                {"_id": kept["_id"]}, {"$set": {"seen_at": now, "ends_at": ends}}
            )
        return Visit(cookie, secret, self._form_token(cookie))

    async def close(self, cookie: str | None) -> None:
        """End it now."""
        if cookie is not None:
            await self._kept.delete_one({"_id": _id(cookie)})

    def _form_token(self, cookie: str) -> str:
        return hmac.new(self._key, b"form\0" + cookie.encode(), hashlib.sha256).hexdigest()


def _id(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
