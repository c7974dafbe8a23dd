"""E-mail: the message as a letter, by SMTP."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.recipient_card import Contact
from services.notifications.use_cases.ports import Handed, Letter
from shared.kernel.clock import real_now
from shared.mail.letterbox import Letterbox


class Mail:
    """Writes a letter as a mail and hands it over."""

    def __init__(self, host: str, port: int, *, sender: str, connections: int) -> None:
        self._sender = sender
        self._box = Letterbox(host, port, connections=connections)

    async def send(self, delivery: Delivery, contact: Contact, letter: Letter) -> Handed:
        """Hand one letter over. Only after its last byte can its fate be unknown."""
        content = self.written(delivery, contact, letter).as_bytes(policy=SMTP_POLICY)
        handed = await self._box.put(self._sender, contact.email or "", content)
        return Handed(handed.kind, why=handed.why)

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        await self._box.close()

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
