"""The questionnaires, as data: one JSON file each, read once when the API is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from services.mentoring.domain.assessing import Questionnaire, questionnaire


@cache
def all_questionnaires() -> Mapping[str, Questionnaire]:
    """By id. Raises ValueError or KeyError for a file that is not one."""
    folder = Path(__file__).parent
    read = (
        questionnaire(json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))
    )
    return MappingProxyType({each.id: each for each in read})
