"""Leaders' names as people write them → staff user names (`Leyla Sjö` → `leyla.sjo`)."""

from __future__ import annotations

import unicodedata


def username_of(name: str) -> str:
    """Lower case, accents off (å ä → a, ö → o), words joined by full stops."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("æ", "ae"))
    kept = "".join(
        c if (c.isalnum() and c.isascii()) or c == "-" else " "
        for c in plain
        if not unicodedata.combining(c)
    )
    return ".".join(kept.split())
