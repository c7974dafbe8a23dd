"""A picture that an editor puts up: its file, what it shows, and the lines that show it in a text.

What a camera wrote into it, and whether it is a picture at all, is publishing's to look at.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.web.own_forms import Fields
from services.web.staff.asking import StaffApis
from services.web.staff.door import Staff
from services.web.staff.words import StaffWords

LONGEST_WORDS = 300
_LONGEST_NAME = 60
_MARKS = re.compile(r"([\\`*_\[\]<>&!\"#~|])")
Faults = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Described:
    """What a form says of a picture. `name` is how a text calls it, without an ending."""

    content: bytes
    words: str
    caption: str = ""
    name: str = ""

    def faults(self, say: StaffWords, *, named: bool) -> Faults:
        """Which fields are wrong, and how. Nobody is shut out: words are never left out."""
        wrong = {
            "file": not self.content,
            "words": not 0 < len(self.words) <= LONGEST_WORDS,
            "caption": len(self.caption) > LONGEST_WORDS,
            "name": named and not self.name,
        }
        return [
            (each, say(f"staff_pictures_fault_{each}")) for each, is_so in wrong.items() if is_so
        ]


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that is there: its id, and its file's ending."""

    id: str
    ending: str


def described(form: Fields) -> Described:
    """From a form, each on one line."""
    return Described(
        form.files.get("file", b""),
        " ".join(form.get("words", "").split()),
        " ".join(form.get("caption", "").split()),
        _plain(form.get("name", "")),
    )


async def kept(apis: StaffApis, staff: Staff, content: bytes) -> Kept:
    """Put it up; the same picture again is the same one. Raises SaidNo, PartAway, SignInNeeded."""
    lines = apis.upload(staff, "publishing", "/v1/images", content, "application/octet-stream")
    told = json.loads(b"".join([line async for line in lines]))
    return Kept(told["id"], "jpg" if told["media_type"] == "image/jpeg" else "png")


def in_a_publication(picture: Described, file: str) -> str:
    """The line that shows it, in Markdown; whatever its words are, they are words."""
    caption = f' "{_as_words(picture.caption)}"' if picture.caption else ""
    return f"![{_as_words(picture.words)}]({file}{caption})"


def in_a_letter(picture: Described, image_id: str) -> str:
    """The block that shows it."""
    lines = ["::: bild", f"id: {image_id}", f"alt: {picture.words}"]
    if picture.caption:
        lines.append(f"bildtext: {picture.caption}")
    return "\n".join([*lines, ":::"])


def at_the_end(text: str, line: str) -> str:
    """A text with a paragraph more."""
    return f"{text.rstrip()}\n\n{line}\n".lstrip()


def shown_in(texts: Sequence[tuple[str, str]], file: str) -> list[str]:
    """In which languages (tag, Markdown) a picture is shown."""
    return [tag for tag, markdown in texts if re.search(rf"\]\({re.escape(file)}[ )\"]", markdown)]


def _as_words(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _plain(text: str) -> str:
    """`Köket i Malmö.JPG` → `koket-i-malmo`."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = re.sub(r"\.(png|jpe?g)$", "", folded.strip())
    letters = (
        c if c.isascii() and c.isalnum() else " " for c in folded if not unicodedata.combining(c)
    )
    return "-".join("".join(letters).split())[:_LONGEST_NAME].strip("-")
