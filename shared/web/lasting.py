"""An answer that goes on for a while: what leaves last was allowed a moment ago.

Nobody reads on with a token that has ended: a role that was taken away is gone with the token that
said it. And what a slow reader has not taken yet is not decided on beforehand.
"""

from __future__ import annotations

from fastapi import Request

from shared.web.refusals import NotSignedIn
from shared.web.signed_in import TokenVerifier

TAKEN = b""
"""Sent after a piece, it waits until the reader has room for the next. Nothing is written."""


def seconds_left(request: Request) -> float | None:
    """For how long the asker stays signed in; None for whoever asks without a token."""
    until: float | None = getattr(request.state, "signed_in_until", None)
    if until is None:
        return None
    verifier: TokenVerifier = request.app.state.verifier
    return until - verifier.now()


def ensure_still_signed_in(request: Request) -> None:
    """Raises NotSignedIn once the token has ended that the request came with."""
    left = seconds_left(request)
    if left is not None and left <= 0:
        raise NotSignedIn
