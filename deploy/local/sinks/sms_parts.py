"""How many parts an SMS takes (3GPP TS 23.038 §6.2.1 and TS 23.040 §9.2.3.24).

Written apart from the notifications service's own counting, so that the two check each other.
"""

from __future__ import annotations

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def parts_of(text: str) -> int:
    """1 for up to 160 GSM-7 septets or 70 UCS-2 units; else 153 or 67 in each part."""
    if _GSM_7.union(_EXTENDED).issuperset(text):
        return _split(sum(2 if sign in _EXTENDED else 1 for sign in text), 160, 153)
    return _split(len(text.encode("utf-16-be")) // 2, 70, 67)


def _split(units: int, alone: int, joined: int) -> int:
    return 1 if units <= alone else -(-units // joined)
