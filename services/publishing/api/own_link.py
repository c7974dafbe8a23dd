"""Whoever holds a link of ours: its stamped part comes in a header, so that no log has it."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header

from shared.web.permissions import open_to_all
from shared.web.refusals import LinkMissing

_SHAPE = re.compile(r"[A-Za-z0-9_-]{20,100}")


def _token(
    _: Annotated[object, open_to_all("the holder of a stamped link in a letter of ours")],
    link_secret: Annotated[
        str | None, Header(description="Den sista delen av länken i brevet.")
    ] = None,
) -> str:
    """The stamped part. Raises LinkMissing."""
    if link_secret is None or not _SHAPE.fullmatch(link_secret):
        raise LinkMissing
    return link_secret


OwnLink = Annotated[str, Depends(_token)]
"""The stamped part of a link; the use case says whether the stamp is ours."""
