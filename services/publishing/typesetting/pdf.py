"""Data → tagged PDF, by typst and one of the fixed templates beside this file.

A book must pass typst's check of PDF/UA-1. A pick list passes it if it can: a school's name in
letters that we have no typeface for shows boxes then, and must not keep everybody else's parcels
from being packed.

The same input gives the same bytes, on every machine: only typst's own fonts, and the time that is
given. See docs/decisions/0025.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from services.publishing.domain.manuscript_rules import CannotBeSet, CharacterWithoutFont

Template = Literal["book", "pick_list"]
_HERE = Path(__file__).parent
_NO_FONT = re.compile(r'the text `"(?:\\u\{([0-9a-f]+)\}|(.))', re.DOTALL)


def set_pdf(
    template: Template,
    data: Mapping[str, Any],
    *,
    at: datetime,
    pictures: Mapping[str, bytes] = {},
) -> bytes:
    """The PDF's bytes; `at` is the time that it says of itself. Blocks: ask for it in a thread.

    `data` has a `lang`, and pictures are named as in it. Some 0.1 s for a hundred pages, more when
    it is the first of a process.

    Raises:
        CharacterWithoutFont: on paper there would be an empty box.
        CannotBeSet: it would not be accessible, or a picture cannot be read.
    """
    with TemporaryDirectory(prefix="typesetting-") as folder:
        root = Path(folder)
        (root / f"{template}.json").write_text(json.dumps(data), "utf-8")
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        (root / "main.typ").write_text(_template(template), "utf-8")
        try:
            return _compile(root, at, accessible=True)
        except typst.TypstError as error:
            if template == "pick_list":
                return _compile(root, at, accessible=False)
            raise _refusal(error, str(data["lang"])) from None


def _compile(root: Path, at: datetime, *, accessible: bool) -> bytes:
    compiler = typst.Compiler(str(root / "main.typ"), root=str(root), font_paths=_fonts())
    made = compiler.compile(
        format="pdf", pdf_standards="ua-1" if accessible else None, timestamp=int(at.timestamp())
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _template(name: Template) -> str:
    return (_HERE / f"{name}.typ").read_text("utf-8")


def _refusal(error: typst.TypstError, language: str) -> CannotBeSet | CharacterWithoutFont:
    found = _NO_FONT.search(error.message)
    if found is None:
        return CannotBeSet(language=language)
    code = int(found[1], 16) if found[1] else ord(found[2])
    return CharacterWithoutFont(language=language, codepoint=f"U+{code:04X}")
