"""The wording of a consent: for one purpose, in versions of which only the newest is agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from services.mentoring.domain.consent import ConsentText, Purpose
from services.mentoring.domain.consent_rules import ConsentTextUnknown


@dataclass(frozen=True, slots=True)
class WordingVersion:
    """What was read, in both languages."""

    version: int
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """All versions of one text, oldest first."""

    id: str
    purpose: Purpose
    versions: tuple[WordingVersion, ...]

    @property
    def newest(self) -> WordingVersion:
        """The one that is agreed to now."""
        return self.versions[-1]


def wording(read: Mapping[str, Any]) -> ConsentWording:
    """From a file. Raises ValueError for what is not a text, KeyError for what is missing."""
    purpose = next((one for one in get_args(Purpose) if one == read["purpose"]), None)
    versions = tuple(
        WordingVersion(each["version"], each["sv"], each["en"]) for each in read["versions"]
    )
    in_order = [each.version for each in versions] == [*range(1, len(versions) + 1)]
    if purpose is None or not versions or not in_order:
        raise ValueError("a consent text has a purpose, and versions 1, 2, 3 …")
    if not all(each.sv.strip() and each.en.strip() for each in versions):
        raise ValueError("a consent text is there in both languages")
    return ConsentWording(read["id"], purpose, versions)


def ensure_agreed_to(texts: Mapping[str, ConsentWording], text: ConsentText, purpose: str) -> None:
    """Raises ConsentTextUnknown unless it is the newest version of a text for this purpose."""
    known = texts.get(text.id)
    if known is None or known.purpose != purpose or known.newest.version != text.version:
        raise ConsentTextUnknown
