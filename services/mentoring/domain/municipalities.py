"""Where somebody lives, or asks from: a municipality of Sweden, or nothing.

A place that somebody may write freely would be kept in clear.
"""

from __future__ import annotations

from services.mentoring.domain.record_rules import UnknownCode
from shared.kernel.municipalities import MUNICIPALITIES


def ensure_municipality(name: str) -> None:
    """Nothing, or one of them. Raises UnknownCode, which repeats nothing."""
    if name and name not in MUNICIPALITIES:
        raise UnknownCode
