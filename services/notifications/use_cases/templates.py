"""The texts, as data: one TOML file per message, Swedish and English, variables and a sample."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from services.notifications.domain.channel_plan import Email
from shared.kernel.refusal import NotFound

_FOLDER = Path(__file__).resolve().parents[1] / "templates"
_PIECES = "pieces.toml"

LANGUAGES = ("sv", "en")
Calendar = Literal["none", "request", "request-if-places", "cancel"]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """One message's texts by language; empty where the message has no such form.

    `variables` are the only names that its texts may use, each with its meaning; `sample` holds
    values for a preview.
    """

    name: str
    about: str
    email: Email
    calendar: Calendar
    variables: Mapping[str, str]
    sample: Mapping[str, Any]
    sms: Texts
    subject: Texts
    text: Texts
    title: Texts
    body: Texts


@cache
def templates() -> Mapping[str, Template]:
    """All templates by name, read once."""
    found = {
        path.stem: _read(path) for path in sorted(_FOLDER.glob("*.toml")) if path.name != _PIECES
    }
    return MappingProxyType(found)


def template(name: str) -> Template:
    """One of them.

    Raises:
        NotFound: there is none of this name.
    """
    try:
        return templates()[name]
    except KeyError:
        raise NotFound from None


@cache
def pieces() -> Mapping[str, Texts]:
    """What several e-mails share, by name and language."""
    return tomllib.loads((_FOLDER / _PIECES).read_text("utf-8"))


@cache
def letter_html() -> str:
    """The one HTML form of every e-mail."""
    return (_FOLDER / "letter.html").read_text("utf-8")


def _read(path: Path) -> Template:
    data = tomllib.loads(path.read_text("utf-8"))
    texts = {name: data.get(name, {}) for name in ("sms", "subject", "text", "title", "body")}
    return Template(
        name=path.stem,
        about=data["about"],
        email=data["email"],
        calendar=data["calendar"],
        variables=data["variables"],
        sample=data["sample"],
        **texts,
    )
