"""Nothing personal in a log line: known field names are emptied, lookalikes are struck out.

Law: DESIGN §6.3. This is the second line; the first is that log calls carry ids and facts only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

REMOVED = "[borttaget]"

LONGEST = 4096
"""Characters of one text that are kept; nobody reads longer ones in a log."""

PERSONAL_FIELDS = frozenset(
    {
        "access_token",
        "address",
        "answer_text",
        "authorization",
        "behov",
        "body",
        "box",
        "contact",
        "contact_name",
        "cookie",
        "e_mail",
        "email",
        "epost",
        "first_name",
        "from_number",
        "full_name",
        "kontaktperson",
        "last_name",
        "link_secret",
        "mail",
        "message",
        "mobile",
        "name",
        "needs",
        "note",
        "number",
        "password",
        "personal_number",
        "personnummer",
        "phone",
        "phone_number",
        "plaintext",
        "preferred_username",
        "query_string",
        "question",
        "recipient_address",
        "refresh_token",
        "school_contact",
        "secret",
        "sms",
        "street",
        "subject_line",
        "telefon",
        "text",
        "to",
        "token",
        "url",
        "username",
    }
)
"""Field names that hold something about a person, or a secret, wherever they stand."""

# Bounded, so that a long line costs no more than its length.
_EMAIL = r"[^\s@<>\"']{1,64}@[^\s@<>\"'.]{1,64}(?:\.[^\s@<>\"'.]{1,64}){1,8}"
_CREDENTIALS = r"(?<=://)[^\s/@]{1,300}(?=@)"
# Swedish personal and coordination numbers: (YY)YYMMDD-NNNN; '+' for those over a hundred.
_PERSONAL_NUMBER = r"(?<![\w-])(?:\d{2})?\d{6}[-+]\d{4}(?![\w-])"
# E.164, 00-prefixed, or Swedish national numbers, with the usual spaces and dashes.
_PHONE = r"(?<![\w.:-])(?:\+|00)[1-9](?:[\s().-]*\d){6,14}(?![\w-])"
_NATIONAL_PHONE = r"(?<![\w.:-])0[1-9](?:[ -]?\d){6,9}(?![\w.:-])"
_LINK = r"(?<=/m/)[A-Za-z0-9_-]{20,}"
_LOOKALIKE = re.compile(
    f"{_CREDENTIALS}|{_EMAIL}|{_PERSONAL_NUMBER}|{_PHONE}|{_NATIONAL_PHONE}|{_LINK}"
)


def redact(value: Any) -> Any:
    """The same value with lookalikes struck out of its texts and personal fields emptied."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            # What a cut leaves of a number at the very end goes too.
            return _LOOKALIKE.sub(REMOVED, value[:LONGEST])[:-100] + "…"
        return _LOOKALIKE.sub(REMOVED, value)
    if isinstance(value, Mapping):
        return {
            key: REMOVED if str(key).lower() in PERSONAL_FIELDS else redact(kept)
            for key, kept in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(kept) for kept in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return REMOVED
    return value


def redact_line(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: the last stop before a line is written."""
    for key in list(line):
        if key.lower() in PERSONAL_FIELDS:
            line[key] = REMOVED
        elif key not in _OURS:
            line[key] = redact(line[key])
    return line


# Made by our own chain from the clock and the code, never from what somebody sent.
_OURS = frozenset({"timestamp", "level", "service", "process", "trace_id", "correlation_id"})
