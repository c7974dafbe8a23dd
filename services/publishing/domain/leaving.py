"""That somebody is not to be written to any more: what mailers at work must hear of at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

Why = Literal["unsubscribed", "asked-never-again", "complaint", "dead-address"]


@dataclass(frozen=True, slots=True)
class Left:
    """`list_id` is None when it holds for every list."""

    subscriber: uuid.UUID
    list_id: str | None
    why: Why
