"""Words of one area stand in a file of their own, and both languages say the same things."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.web.wording import WORDS, WordsDisagree, read_words


def _written(folder: Path, **files: dict[str, str]) -> Path:
    for name, words in files.items():
        area, _, language = name.rpartition("_")
        (folder / f"{area}.{language}.json").write_text(json.dumps(words), "utf-8")
    return folder


def test_areas_are_merged(tmp_path: Path) -> None:
    """Whoever adds an area adds two files, and touches no others."""
    read = read_words(
        _written(
            tmp_path,
            a_sv={"x": "Hej {who}"},
            a_en={"x": "Hi {who}"},
            b_sv={"y": "Ja"},
            b_en={"y": "Yes"},
        )
    )
    swedish = {"x": "Hej {who}", "y": "Ja"}
    assert read == {"sv": swedish, "en": {"x": "Hi {who}", "y": "Yes"}, "ar": swedish}


@pytest.mark.parametrize(
    "files",
    [
        {"a_sv": {"x": "1"}, "a_en": {"x": "1"}, "b_sv": {"x": "2"}},
        {"a_sv": {"x": "1"}, "a_en": {}},
        {"a_sv": {}, "a_en": {"x": "1"}},
        {"a_sv": {"x": "{who}"}, "a_en": {"x": "{whom}"}},
        {"a_sv": {"x": "1", "y": "2"}, "a_en": {"x": "1", "y": "2"}, "a_ar": {"x": "1"}},
    ],
    ids=["twice", "only Swedish", "only English", "other facts", "half Arabic"],
)
def test_what_disagrees_stops_the_start(tmp_path: Path, files: dict[str, dict[str, str]]) -> None:
    """A name said twice, in one language only, or with other facts, is found before anybody is."""
    with pytest.raises(WordsDisagree):
        read_words(_written(tmp_path, **files))


def test_the_house_has_words() -> None:
    """The measure itself works: the words of the house are read, and are many."""
    assert len(WORDS["sv"]) > 150
