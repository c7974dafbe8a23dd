"""Swedish personal numbers and coordination numbers: twelve digits, of which the last checks.

Skatteverket, SKV 704 and SKV 707: YYYYMMDDNNNC, where C is the check digit of the ten that come
before it without the century (Luhn, modulus 10). A coordination number has 60 added to the day.
"""

from __future__ import annotations

from datetime import date

from shared.kernel.refusal import Refusal

_COORDINATION = 60


class PersonalNumberWrong(Refusal):
    """The digits are not a personal number or a coordination number. They are not repeated."""

    kind = "personal-number-wrong"
    sv = "Personnumret stämmer inte. Kontrollera siffrorna: ÅÅÅÅMMDDNNNN."
    en = "The personal number is not right. Check the digits: YYYYMMDDNNNN."


def ensure_personal_number(digits: str) -> None:
    """Raises PersonalNumberWrong."""
    if not (len(digits) == 12 and digits.isascii() and digits.isdigit()):
        raise PersonalNumberWrong
    if born_on(digits) is None or _luhn(digits[2:]) != 0:
        raise PersonalNumberWrong


def born_on(digits: str) -> date | None:
    """The birth date that the number names; None where there is no such day."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    try:
        return date(year, month, day - _COORDINATION if day > _COORDINATION else day)
    except ValueError:
        return None


def _luhn(digits: str) -> int:
    """The sum that a right number brings to a multiple of ten (ISO/IEC 7812-1, annex B)."""
    doubled = (int(each) * (2 - at % 2) for at, each in enumerate(digits))
    return sum(each // 10 + each % 10 for each in doubled) % 10
