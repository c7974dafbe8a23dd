"""The mails that arrived, in memory and in a file that only grows; and the SMTP server for them."""

from __future__ import annotations

import base64
import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.sinks.behaviour import Mood
from deploy.local.sinks.journal import Journal
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its envelope, and the message parsed."""

    id: str
    created: str
    sender: str
    to: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject line, decoded."""
        return str(self.message.get("subject", ""))

    @property
    def text(self) -> str:
        """The plain text part, or nothing."""
        part = self.message.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def attachments(self) -> list[EmailMessage]:
        """Attached files, and calendar parts that stand beside the text."""
        body = self.message.get_body(preferencelist=("plain", "html"))
        return [
            part
            for part in self.message.walk()
            if isinstance(part, EmailMessage)
            and part is not body
            and (part.get_filename() or part.get_content_type() == "text/calendar")
        ]

    def shown(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "id": self.id,
            "created": self.created,
            "from": self.sender,
            "to": list(self.to),
            "subject": self.subject,
            "text": self.text,
            "attachments": [name_of(part) for part in self.attachments],
        }


def name_of(part: EmailMessage) -> str:
    """An attachment's file name."""
    return part.get_filename() or "inbjudan.ics"


class Mailbox:
    """Every mail there is."""

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder / "mail.jsonl")
        self._all = {line["id"]: _mail(line) for line in self._journal}

    def add(self, sender: str, to: list[str], content: bytes) -> Mail:
        """Keep a new one."""
        line = {
            "id": new_id(),
            "created": real_now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "from": sender,
            "to": to,
            "content": base64.b64encode(content).decode(),
        }
        mail = _mail(line)
        self._all[mail.id] = mail
        self._journal.append(line)
        return mail

    def find(self, mail_id: str) -> Mail | None:
        """The one with this id."""
        return self._all.get(mail_id)

    def newest_first(self) -> Iterator[Mail]:
        """All of them."""
        return reversed(self._all.values())

    def close(self) -> None:
        """Close the file."""
        self._journal.close()


def _mail(line: dict[str, Any]) -> Mail:
    content = base64.b64decode(line["content"])
    message = email.message_from_bytes(content, policy=email.policy.default)
    return Mail(line["id"], line["created"], line["from"], tuple(line["to"]), message)


class Postman:
    """Takes mails off the wire (aiosmtpd calls the handler by these names)."""

    def __init__(self, mailbox: Mailbox, mood: Mood) -> None:
        self._mailbox, self._mood = mailbox, mood

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        """Commands may come before their answers (RFC 2920): they are read one after the other."""
        session.host_name = name
        return [*said[:-1], "250-PIPELINING", *said[-1:]]

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep it, or put it off when told to misbehave."""
        if self._mood.use_up("mail_errors"):
            return "451 4.3.0 Try again later"
        content = envelope.original_content or b""
        kept = self._mailbox.add(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return f"250 2.0.0 Ok: queued as {kept.id}"
