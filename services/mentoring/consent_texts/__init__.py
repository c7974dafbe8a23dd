"""The texts that somebody says yes to, as data: one JSON file each, every version of its wording.

A wording is never changed: another is the next version. A new consent is to the newest one; what
somebody agreed to before is still found by its id and version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from services.mentoring.domain.consent_texts import ConsentWording, wording


@cache
def all_consent_texts() -> Mapping[str, ConsentWording]:
    """By id. Raises ValueError or KeyError for a file that is not one."""
    folder = Path(__file__).parent
    read = (wording(json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json")))
    return MappingProxyType({each.id: each for each in read})
