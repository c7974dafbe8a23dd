"""A single letter as a mail: both parts, no image, no link that is not ours."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr

from services.publishing.domain.letter import Letter, Written
from services.publishing.domain.return_paths import return_path
from services.publishing.domain.stamps import Keyring
from services.publishing.mailing.signing import DkimKey, signed_mail
from shared.kernel.clock import real_now
from shared.mail.letterbox import HandedOver, Letterbox

_RESERVED = frozenset({"from", "to", "subject", "date", "message-id"})


@dataclass(frozen=True, slots=True)
class Post:
    """Hands letters over. Bounces come back to an address that leads to the letter's id."""

    box: Letterbox
    ring: Keyring
    sender_name: str
    sender: str
    bounces_to: str
    keys: Sequence[DkimKey] = ()

    async def __call__(self, letter: Letter, written: Written) -> HandedOver:
        """Only after its last byte can a letter's fate be unknown."""
        back = return_path(self.ring, uuid.UUID(letter.id), self.bounces_to)
        content = self.mail(letter, written).as_bytes(policy=SMTP_POLICY)
        signed = signed_mail(content, self.keys, real_now())
        return await self.box.put(back, str(written.to), signed)

    def mail(self, letter: Letter, written: Written) -> EmailMessage:
        """The whole mail. Its Message-ID follows from the letter: a copy is known as one."""
        mail = EmailMessage()
        mail["From"] = formataddr((self.sender_name, self.sender))
        mail["To"] = str(written.to)
        mail["Subject"] = written.subject
        mail["Date"] = format_datetime(real_now())
        mail["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2]}>"
        mail["Content-Language"] = letter.language
        mail["Auto-Submitted"] = "auto-generated"
        for name, value in written.headers.items():
            if name.lower() in _RESERVED:
                raise ValueError("a letter does not choose who it is from or to")
            mail[name] = value
        mail.set_content(written.text)
        mail.add_alternative(written.html, subtype="html")
        return mail
