"""Signs that are not seen and still spell a word: the zero-width (non-)joiner in joining scripts.

Without its U+200C a Persian name is written wrongly, and without its U+200D a Sinhala one. Between
letters of other scripts, and beside anything but a letter, they steer what is shown and say nothing
(RFC 5892, appendix A.1 and A.2, draws the same line for names of hosts).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_LETTERS = (
    "\u0600-\u06ff\u0700-\u074f\u0750-\u077f\u07c0-\u07ff\u0840-\u085f\u0860-\u08ff"
    "\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc"
)
"""Arabic, Syriac, N'Ko, Mandaic; Devanagari to Sinhala, Burmese, Khmer, Mongolian."""
_JOINERS = {0x200C: None, 0x200D: None}
_BETWEEN_LETTERS = re.compile(f"(?<=[{_LETTERS}])[\u200c\u200d](?=[{_LETTERS}])")


def without_joiners(text: str) -> str:
    """For comparing: who typed the name on another keyboard wrote none."""
    return text.translate(_JOINERS)


def is_one_line(text: str) -> bool:
    """Whether nothing in it is unseen, apart from joiners that spell a word."""
    return text.isprintable() or _BETWEEN_LETTERS.sub("", text).isprintable()


def filtered(text: str, stays: Callable[[str], bool]) -> str:
    """The signs that stay, and joiners that spell a word."""
    spelling = {found.start() for found in _BETWEEN_LETTERS.finditer(text)}
    return "".join(sign for at, sign in enumerate(text) if at in spelling or stays(sign))
