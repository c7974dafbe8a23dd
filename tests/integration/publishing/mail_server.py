"""A mail server in this process that answers as it is told, one answer per letter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class MailServer:
    """`answers` are used up from the front, then every letter is taken.

    `cut` takes the letter and breaks the line before it says so.
    """

    port: int = 0
    answers: list[str] = field(default_factory=list)
    taken: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    slow: asyncio.Event | None = None
    has_one: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else ""
        self.has_one.set()
        if self.slow is not None:
            await self.slow.wait()
        if answer and answer != "cut":
            return answer
        mail = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.taken.append((envelope.mail_from, envelope.rcpt_tos[0], mail))
        if answer == "cut":
            server.transport.abort()
        return "250 2.0.0 Ok"


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """On a free port of loopback."""
    server = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(server, loop=loop, hostname="localhost"), "127.0.0.1", 0
    )
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
