"""Versions of an edition, as semver.org has them for programs, read for texts.

`2.1.0` → a correction makes `2.1.1` (the same said better), an addition `2.2.0` (something is there
that was not: a chapter, a language), a rework `3.0.0` (something is no longer there, or elsewhere:
what people quote or were taught may not hold). The first edition is `1.0.0`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shared.kernel.refusal import Refusal

Change = Literal["correction", "addition", "rework"]
CHANGES: tuple[Change, ...] = ("correction", "addition", "rework")
"""From the smallest to the largest."""
_SHAPE = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})")


class NotAVersion(Refusal):
    """Three whole numbers with dots between them."""

    kind = "not-a-version"
    sv = "Skriv versionen som tre tal med punkt emellan, till exempel 1.2.0."
    en = "Write the version as three numbers with dots between them, for example 1.2.0."


class VersionDoesNotFollow(Refusal):
    """No version is skipped, and none comes twice: one can tell what changed from its number."""

    kind = "version-does-not-follow"
    sv = "Den versionen kan inte komma nu. Nästa är {allowed}."
    en = "That version cannot come now. The next one is {allowed}."


class ChangeIsLarger(Refusal):
    """The number promises less than what has changed."""

    kind = "change-is-larger"
    sv = "Det har ändrats mer än så: rubriker eller språk har {sv_why}. Ge den versionen {allowed}."
    en = "More has changed: headings or languages {why}. Give it the version {allowed}."


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """Compared number by number: 1.10.0 comes after 1.9.0."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def after(self, change: Change) -> Version:
        """The version that this change leads to."""
        if change == "rework":
            return Version(self.major + 1, 0, 0)
        if change == "addition":
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


FIRST = Version(1, 0, 0)


def parse(text: str) -> Version:
    """Raises NotAVersion."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise NotAVersion
    return Version(int(found[1]), int(found[2]), int(found[3]))


def followers(last: Version | None, least: Change) -> tuple[Version, ...]:
    """Every version that may come now, the smallest first, when at least so much has changed."""
    if last is None:
        return (FIRST,)
    return tuple(last.after(change) for change in CHANGES[CHANGES.index(least) :])


def ensure_follows(last: Version | None, wanted: Version, least: Change) -> None:
    """Raises VersionDoesNotFollow, or ChangeIsLarger when the number says too little."""
    allowed = followers(last, least)
    if wanted in allowed:
        return
    if wanted in followers(last, "correction"):
        gone = least == "rework"
        raise ChangeIsLarger(
            allowed=_listed(allowed),
            why="have gone" if gone else "have come",
            sv_why="försvunnit" if gone else "tillkommit",
        )
    raise VersionDoesNotFollow(allowed=_listed(allowed))


def _listed(versions: tuple[Version, ...]) -> str:
    return " · ".join(map(str, versions))
