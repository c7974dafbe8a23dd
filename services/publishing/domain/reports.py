"""Delivery reports (RFC 3464) and complaints (RFC 5965) as facts: what failed, how gravely.

Whom it is about is told by the address that the report was sent to (`return_paths`) and by nothing
in it; of its words only codes are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from email.policy import Compat32
from email.utils import getaddresses
from typing import Literal, get_args

from services.publishing.domain.smtp_replies import Code, Kind, kind_of

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]

LARGEST = 1_000_000
_STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
_SMTP = re.compile(r"smtp\s*;\s*([245]\d\d)(?!\d)", re.IGNORECASE)
_HEAD = 65_536
_FIELD = 1_000
"""Characters of a header field that are read: an address of ours, a link and a boundary have room
in it. What `email` makes of a parameter takes the square of its length: 300 kB took a minute."""
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_LINK = re.compile(r"<(https://[^>\s]+)>")


class _ShortFields(Compat32):
    """Header fields end where nobody honest writes on."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)  # type: ignore[arg-type]
        return name, value[:_FIELD]


_SHORT = _ShortFields()


@dataclass(frozen=True, slots=True)
class Reported:
    """One recipient's part of a report (RFC 3464 §2.3). `kind` is None unless it failed."""

    action: Action
    code: Code
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Complaint:
    """Somebody pressed *this is spam*; `link` is our unsubscribe link in the mail they meant."""

    link: str | None


def read(raw: bytes) -> tuple[Reported, ...] | Complaint | None:
    """Read one mail. None: it is neither a report nor a complaint, or larger than a megabyte.

    An out-of-office answer or a person's own reply is none, however much it looks like one; nor is
    a mail in a mail in a mail without end.
    """
    if len(raw) > LARGEST:
        return None
    try:
        return _read(message_from_bytes(raw, policy=_SHORT))
    except RecursionError:
        return None


def _read(mail: Message) -> tuple[Reported, ...] | Complaint | None:
    if mail.get_content_type() != "multipart/report":
        return None
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            return tuple(_recipients(part)) or None
        if kind == "message/feedback-report":
            return Complaint(_link(mail))
    return None


def sent_to(raw: bytes) -> tuple[str, ...]:
    """The addresses that a mail says it was sent to, those of the mail servers first.

    Anybody can write them: only a stamp makes one believed. What no mail server writes is none.
    """
    try:
        head = HeaderParser(policy=_SHORT).parsestr(raw[:_HEAD].decode("ascii", "replace"))
        written = [str(each) for name in _TO for each in head.get_all(name, [])]
        named = getaddresses(written)
    except RecursionError:
        return ()
    return tuple(dict.fromkeys(address for _, address in named if address))


def group(action: str, status: str, diagnostic: str) -> Reported | None:
    """The three fields of a recipient that matter; None when it is no group of RFC 3464."""
    known = next((each for each in get_args(Action) if each == action.strip().lower()), None)
    found = _STATUS.match(status)
    if known is None or found is None:
        return None
    enhanced = (int(found[1]), int(found[2]), int(found[3]))
    said = _SMTP.search(diagnostic)
    # Without the server's own three digits, those that its class stands for.
    code = Code(int(said[1]) if said else enhanced[0] * 100 + 50 * (enhanced[0] != 2), enhanced)
    return Reported(known, code, kind_of(code) if known == "failed" else None)


def _recipients(part: Message) -> Iterator[Reported]:
    groups = part.get_payload()
    if not isinstance(groups, list):
        return
    # The first group is about the message; every other one about a recipient. Some leave the
    # first out, so each is asked whether it names one.
    for fields in groups:
        if isinstance(fields, Message) and "Final-Recipient" in fields:
            texts = [str(fields.get(name, "")) for name in ("Action", "Status", "Diagnostic-Code")]
            found = group(*texts)
            if found is not None:
                yield found


def _link(mail: Message) -> str | None:
    for part in mail.walk():
        if "List-Unsubscribe" in part:
            found = _LINK.search(str(part["List-Unsubscribe"]))
            return found[1] if found else None
    return None
