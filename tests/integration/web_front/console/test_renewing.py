"""Web's own token is renewed while somebody works: refused, or by two processes at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.web.staff import tokens as renewing
from services.web.staff.door import SignInNeeded
from services.web.staff.openid import SignInFailed
from services.web.staff.tokens import ApiTokens
from services.web.storage.staff_sessions import Person, StaffSession, StaffSessions, Tokens
from shared.kernel.clock import real_now
from tests.integration.web_front.console.conftest import Desk

AMINA = Person("subject-of-amina", "amina.lund", "Amina Lund", frozenset({"coordinator"}))
OVER = timedelta(seconds=-1)
LATER = timedelta(minutes=15)


class Provider:
    """Takes each token for renewal once, as providers that rotate them do.

    `slow` is how long whoever was first waits for the answer: time in which the other is refused.
    """

    def __init__(self, slow: float = 0.0, takes: int = 1) -> None:
        self.slow, self.left, self.refused = slow, takes, 0

    async def renewed(self, tokens: Tokens) -> tuple[Person, Tokens]:
        if self.left == 0:
            self.refused += 1
            raise SignInFailed
        self.left -= 1
        await asyncio.sleep(self.slow)
        return AMINA, replace(tokens, refresh="the next", until=real_now() + LATER)

    async def for_api(self, tokens: Tokens, api: str) -> tuple[str, datetime]:
        return f"{api}, by {tokens.refresh}", tokens.until


async def _a_session(desk: Desk) -> tuple[StaffSessions, StaffSession]:
    sessions = StaffSessions(desk.database, desk.settings.key)
    cookie = await sessions.open(AMINA, Tokens("a", "the first", real_now() + OVER), "Firefox")
    session = await sessions.find(cookie)
    assert session is not None
    return sessions, session


async def test_a_refused_renewal_ends_the_session(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever the provider knows no longer, because they were shut out there, is out here too."""
    monkeypatch.setattr(renewing, "_FASTER_ONE", timedelta(seconds=0.2))
    sessions, session = await _a_session(desk)
    provider: Any = Provider(takes=0)
    with pytest.raises(SignInNeeded):
        await ApiTokens(sessions, provider).token(session, "booking")
    assert await sessions.again(session.key) is None


async def test_two_processes_renew_one_session_and_nobody_is_signed_out(desk: Desk) -> None:
    """The second is refused while the first has its answer and has not kept it: it waits for it."""
    sessions, session = await _a_session(desk)
    provider: Any = Provider(slow=0.4)
    one, other = ApiTokens(sessions, provider), ApiTokens(sessions, provider)
    got = await asyncio.gather(one.token(session, "booking"), other.token(session, "notifications"))
    assert got == ["booking, by the next", "notifications, by the next"]
    assert provider.refused == 1, "the race was run"
    assert await sessions.again(session.key) is not None


async def test_a_session_brings_its_tokens_along(desk: Desk) -> None:
    """A page that asks three services looks for the session once; what has ended is asked anew."""
    sessions = StaffSessions(desk.database, desk.settings.key)
    cookie = await sessions.open(AMINA, Tokens("a", "r", real_now() + LATER), "Firefox")
    first = await sessions.find(cookie)
    assert first is not None
    await sessions.keep_token(first, "booking", "for booking", real_now() + LATER)
    await sessions.keep_token(first, "publishing", "has ended", real_now() + OVER)
    session = await sessions.find(cookie)
    assert session is not None
    assert session.key not in repr(session)
    provider: Any = Provider()
    tokens = ApiTokens(sessions, provider)
    await sessions.keep_token(session, "booking", "a later one", real_now() + LATER)
    assert await tokens.token(session, "booking") == "for booking", "as it was brought"
    assert await tokens.token(session, "publishing") == "publishing, by r"
