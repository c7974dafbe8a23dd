"""How many parts an SMS takes, and what keeps a text cheap (3GPP TS 23.038 §6.2.1, TS 23.040)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each is sent as an escape and a second septet, so it counts twice."""

_PLAIN = str.maketrans(
    {
        "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
        "ç": "c", "á": "a", "â": "a", "ã": "a", "ê": "e", "ë": "e", "í": "i", "î": "i", "ï": "i",
        "ó": "o", "ô": "o", "õ": "o", "ú": "u", "û": "u", "ý": "y", "ÿ": "y", "È": "E", "Ê": "E",
        "Á": "A", "À": "A", "Í": "I", "Ó": "O", "Ú": "U", "č": "c", "ć": "c", "š": "s", "ž": "z",
        "đ": "d", "Š": "S", "Ž": "Z", "Č": "C", "ł": "l", "ń": "n", "ę": "e", "ą": "a", "ş": "s",
        "ğ": "g", "ı": "i", "•": "-", "\t": " ",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """What a text costs: alphabet, units in it, and parts sent."""

    alphabet: Literal["gsm-7", "ucs-2"]
    units: int
    parts: int


def size_of(text: str) -> Size:
    """Count septets (160 alone, 153 joined) or UTF-16 units (70 alone, 67 joined).

    No escape and no surrogate pair is cut in two at the end of a part, as the standard demands.
    """
    if _GSM_7.union(_EXTENDED).issuperset(text):
        widths = [2 if sign in _EXTENDED else 1 for sign in text]
        return Size("gsm-7", sum(widths), _parts(widths, alone=160, joined=153))
    widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    return Size("ucs-2", sum(widths), _parts(widths, alone=70, joined=67))


def dear_signs(text: str) -> frozenset[str]:
    """The signs that push the whole text out of the cheap alphabet."""
    return frozenset(text) - _GSM_7 - _EXTENDED


def plain(text: str) -> str:
    """Typographic signs brought to their cheap twins; å ä ö é are cheap already and stay."""
    return text.translate(_PLAIN)


def _parts(widths: list[int], *, alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts
