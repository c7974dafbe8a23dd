"""A contact's phone and e-mail: made uniform, or found unusable."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from shared.kernel.phone_numbers import can_take_sms

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\s@.,;:\"<>()]+(\.[^\s@.,;:\"<>()]+)+"
)
_LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
_PHONE_MARKS = re.compile(r"[0-9+()\s./\-\u2010-\u2013]{5,30}")
_NOTHING = frozenset(("", "-", "--", "–", "—"))
"""How a cell is filled in by those who have none: nothing was written, so nothing is broken."""


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Who to write to. Empty where there is none; `broken` names what could not be used."""

    name: str
    phone: str
    email: str
    language: str
    broken: tuple[str, ...] = ()

    @property
    def takes_sms(self) -> bool:
        """Whether there is a number, and one that is no landline."""
        return bool(self.phone) and can_take_sms(self.phone)

    @property
    def flags(self) -> tuple[str, ...]:
        """`broken-phone`, `broken-email`, `phone-cannot-take-sms`; `unreachable` without a way."""
        flags = tuple(f"broken-{what}" for what in self.broken)
        if self.phone and not self.takes_sms:
            flags = (*flags, "phone-cannot-take-sms")
        return flags if self.takes_sms or self.email else (*flags, "unreachable")


def contact_of(*, name: str, phone: str, email: str, language: str = "sv") -> Contact:
    """What can be used of a contact; phone in E.164, e-mail as written without spaces around."""
    good_phone, good_email = usable_phone(phone), usable_email(email)
    broken = [
        what
        for what, written, good in (("phone", phone, good_phone), ("email", email, good_email))
        if written.strip() not in _NOTHING and not good
    ]
    return Contact(name.strip(), good_phone, good_email, language, tuple(broken))


def usable_phone(written: str, region: str = "SE") -> str:
    """E.164, or nothing. Letters are not dialled: `070-ring mig` is no number."""
    plain = written.strip()
    if not _PHONE_MARKS.fullmatch(plain):
        return ""
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def usable_email(written: str) -> str:
    """The address when mail could be sent to it, or nothing."""
    plain = written.strip()
    return plain if len(plain) <= _LONGEST_EMAIL and _EMAIL.fullmatch(plain) else ""
