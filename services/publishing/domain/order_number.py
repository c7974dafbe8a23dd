"""Numbers of print orders: short enough for a telephone, and wrong when one character is.

Crockford's base 32 without I, L, O and U, ended by a check character. One order has one number:
it is made from the order's id.
"""

from __future__ import annotations

import hashlib

from services.publishing.domain.print_rules import NotANumber

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110")
_LENGTH = 7
# A prime above 32: every single wrong character and every swap of neighbours shows.
_PRIME = 37
_CHECKS = f"{_LETTERS}*~$=U"


def number_of(order_id: str) -> str:
    """`K7QP-3XMA`: 35 bits of a hash of the id, and the check."""
    value = int.from_bytes(hashlib.sha256(order_id.encode()).digest()[:8], "big")
    for attempt in range(64):
        told = (value + attempt) % 32**_LENGTH
        letters = "".join(_LETTERS[(told >> 5 * at) & 31] for at in range(_LENGTH))
        check = _check(letters)
        # The five checks that are no letter of the alphabet are hard to say: the next number then.
        if check in _LETTERS:
            return f"{letters[:4]}-{letters[4:]}{check}"
    raise AssertionError("64 numbers in a row without a plain check")


def read_number(text: str) -> str:
    """As it was typed or heard: small letters, spaces, O for 0. Raises NotANumber."""
    told = "".join(text.upper().split()).replace("-", "").translate(_MEANT)
    if len(told) != _LENGTH + 1 or any(letter not in _LETTERS for letter in told):
        raise NotANumber
    if _check(told[:_LENGTH]) != told[_LENGTH]:
        raise NotANumber
    return f"{told[:4]}-{told[4:]}"


def _check(letters: str) -> str:
    value = 0
    for letter in letters:
        value = (value * 32 + _LETTERS.index(letter)) % _PRIME
    return _CHECKS[value]
