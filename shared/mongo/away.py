"""Whether an error means that the database cannot be reached for the moment."""

from __future__ import annotations

from pymongo.errors import ConnectionFailure


def is_away(error: BaseException) -> bool:
    """True when the same thing may succeed a little later."""
    return isinstance(error, ConnectionFailure)
