"""A token for one API, made for the person who is signed in. Tokens never leave the server."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from weakref import WeakValueDictionary

from services.web.staff.door import SignInNeeded
from services.web.staff.openid import OpenId, SignInFailed
from services.web.storage.staff_sessions import StaffSession, StaffSessions
from shared.kernel.clock import real_now

SHORTLY = timedelta(seconds=60)
"""A token that ends within this is not used any more."""
_FASTER_ONE = timedelta(seconds=2)
"""How long another process may take between the provider's answer and keeping it."""


class ApiTokens:
    """Asks for each token once, and keeps it encrypted with its session until shortly before."""

    def __init__(self, sessions: StaffSessions, openid: OpenId) -> None:
        self._sessions, self._openid = sessions, openid
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def token(self, session: StaffSession, api: str) -> str:
        """The token.

        Raises:
            SignInNeeded: the provider gives this session no more tokens: it is ended.
            SignInAway: the provider does not answer, and nothing fresh is kept.
        """
        if found := await self._kept(session, api):
            return found
        lock = self._asking.setdefault(session.key, asyncio.Lock())
        async with lock:
            if found := await self._kept(session, api):
                return found
            return await self._made(session, api)

    async def _kept(self, session: StaffSession, api: str) -> str | None:
        found = self._sessions.brought(session, api)
        if found is None or found[1] - real_now() <= SHORTLY:
            found = await self._sessions.token_for(session, api)
        return found[0] if found and found[1] - real_now() > SHORTLY else None

    async def _made(self, session: StaffSession, api: str) -> str:
        fresh = await self._fresh(session)
        token, until = await self._openid.for_api(fresh.tokens, api)
        await self._sessions.keep_token(fresh, api, token, until)
        return token

    async def _fresh(self, session: StaffSession) -> StaffSession:
        """The session with a token of web's own that lasts a while."""
        now = await self._again(session)
        if now.tokens.until - real_now() > SHORTLY:
            return now
        try:
            person, tokens = await self._openid.renewed(now.tokens)
        except SignInFailed:
            if later := await self._renewed_elsewhere(now):
                return later
            await self._sessions.end(now.person.subject, now.id)
            raise SignInNeeded from None
        if person.subject != now.person.subject:
            await self._sessions.end(now.person.subject, now.id)
            raise SignInNeeded
        await self._sessions.renew(now, person, tokens)
        return await self._again(session)

    async def _renewed_elsewhere(self, was: StaffSession) -> StaffSession | None:
        """The session as another process of ours renewed it, which may not be kept quite yet.

        A provider takes a token for renewal once: whoever comes second is refused, while the first
        is still on its way to the database.
        """
        deadline = real_now() + _FASTER_ONE
        while (now := await self._again(was)).tokens.until == was.tokens.until:
            if real_now() > deadline:
                return None
            await asyncio.sleep(0.05)
        return now

    async def _again(self, session: StaffSession) -> StaffSession:
        found = await self._sessions.again(session.key)
        if found is None:
            raise SignInNeeded
        return found
