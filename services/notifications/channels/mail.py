"""E-mail by SMTP over connections that are kept (RFC 5321)."""

from __future__ import annotations

import asyncio
import contextlib
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

import aiosmtplib

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.recipient_card import Contact
from services.notifications.use_cases.ports import Handed, Letter
from shared.kernel.clock import real_now

_TIMEOUT = 20.0
_GONE = (OSError, TimeoutError)
"""aiosmtplib's disconnections, time-outs and failed connects are of these kinds too."""


class Mail:
    """A few connections, each for one letter at a time."""

    def __init__(self, host: str, port: int, *, sender: str, connections: int) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._idle: asyncio.LifoQueue[aiosmtplib.SMTP] = asyncio.LifoQueue()
        for _ in range(connections):
            self._idle.put_nowait(self._connection())

    async def send(self, delivery: Delivery, contact: Contact, letter: Letter) -> Handed:
        """Hand one letter over. Only after its last byte can its fate be unknown."""
        content = self.written(delivery, contact, letter).as_bytes(policy=SMTP_POLICY)
        connection = await self._idle.get()
        try:
            return await self._hand_over(connection, contact.email or "", content)
        finally:
            if not connection.is_connected:
                connection = self._connection()
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            if connection.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                    async with asyncio.timeout(0.5):
                        await connection.quit()

    def written(self, delivery: Delivery, contact: Contact, letter: Letter) -> EmailMessage:
        """The whole mail. Its Message-ID follows from the message: a copy is known as one."""
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = contact.email or ""
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(real_now())
        mail["Message-ID"] = f"<{delivery.message_id}@{self._sender.rpartition('@')[2]}>"
        mail["Content-Language"] = letter.language
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        mail.add_alternative(letter.html, subtype="html")
        if letter.calendar is not None:
            mail.add_attachment(
                letter.calendar,
                maintype="text",
                subtype="calendar",
                filename="bokning.ics",
                params={"method": letter.calendar_method, "charset": "utf-8"},
            )
        return mail

    async def _hand_over(self, connection: aiosmtplib.SMTP, to: str, content: bytes) -> Handed:
        try:
            await self._envelope(connection, to)
        except aiosmtplib.SMTPResponseException as error:
            await _start_over(connection)
            return _answered(error.code)
        except (aiosmtplib.SMTPException, UnicodeError, ValueError) as error:
            connection.close()
            gone = isinstance(error, _GONE)
            return Handed("not-now" if gone else "refused", why=type(error).__name__)
        except _GONE as error:
            connection.close()
            return Handed("not-now", why=type(error).__name__)
        return await _body(connection, content)

    async def _envelope(self, connection: aiosmtplib.SMTP, to: str) -> None:
        fresh = not connection.is_connected
        if fresh:
            await connection.connect()
        try:
            await connection.mail(self._sender)
        except _GONE:
            if fresh:
                raise
            connection.close()  # An idle connection may have been closed by the other side.
            await connection.connect()
            await connection.mail(self._sender)
        await connection.rcpt(to)

    def _connection(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host, port=self._port, timeout=_TIMEOUT, start_tls=None
        )


async def _body(connection: aiosmtplib.SMTP, content: bytes) -> Handed:
    try:
        await connection.data(content)
    except aiosmtplib.SMTPResponseException as error:
        await _start_over(connection)
        return _answered(error.code)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        connection.close()
        return Handed("unknown", why=type(error).__name__)
    return Handed("taken")


async def _start_over(connection: aiosmtplib.SMTP) -> None:
    try:
        await connection.rset()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        connection.close()


def _answered(code: int) -> Handed:
    """RFC 5321 §4.2.1: 4yz may be tried again, 5yz may not. 421 closes the line."""
    return Handed("refused" if 500 <= code < 600 else "not-now", why=f"smtp-{code}")
