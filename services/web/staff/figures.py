"""What a form says in figures, and which of its fields an API found wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.web.asking import SaidNo

_LONGEST = 5


class Wrong(ValueError):
    """Fields that should be whole numbers and are not."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__("not figures")
        self.fields = tuple(fields)


def whole(texts: Mapping[str, str]) -> dict[str, int]:
    """The numbers. Raises Wrong."""
    wrong = [name for name, text in texts.items() if not is_whole(text)]
    if wrong:
        raise Wrong(wrong)
    return {name: int(text) for name, text in texts.items()}


def is_whole(text: str) -> bool:
    """Whether it is written in figures, and few of them."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST


def faults(no: SaidNo, fields: Sequence[str]) -> list[tuple[str, str]]:
    """Which fields are wrong and how, of those that the form has."""
    said = [(str(e.get("pointer", "")).rpartition("/")[2], e.get("detail")) for e in no.errors]
    return [(name, str(sentence)) for name, sentence in said if name in fields and sentence]
