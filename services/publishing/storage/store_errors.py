"""The driver's errors as a mailer knows them: away for the moment, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from services.publishing.mailing.ports import StoreAway, StoreRefused

_PASSING = frozenset({6, 7, 64, 89, 91, 189, 10107, 11600, 11602, 13435, 13436})
"""Unreachable, shutting down, not the primary: the server's own numbers."""


@contextmanager
def as_store_errors() -> Iterator[None]:
    """Raises StoreAway for what may pass, StoreRefused for everything else of the driver's."""
    try:
        yield
    except PyMongoError as error:
        raise (StoreAway if _passes(error) else StoreRefused) from error


def _passes(error: PyMongoError) -> bool:
    if isinstance(error, ConnectionFailure) or error.has_error_label("RetryableWriteError"):
        return True
    return isinstance(error, OperationFailure) and error.code in _PASSING
