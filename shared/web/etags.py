"""Versions as strong ETags (RFC 9110 §8.8.3): a change names the version it was decided on."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header

from shared.kernel.refusal import VersionConflict
from shared.web.refusals import IfMatchMissing

_STRONG = re.compile(r'"(\d{1,15})"')


def etag(version: int) -> str:
    """The value of the ETag header, e.g. `"3"` with its quotes."""
    return f'"{version}"'


def if_match(
    value: Annotated[
        str | None,
        Header(alias="If-Match", description='ETag av den version som ändras, t.ex. `"3"`.'),
    ] = None,
) -> int:
    """The version that the asker has seen.

    Raises:
        IfMatchMissing: 428, the header is missing.
        VersionConflict: 412, it holds anything but one strong ETag of ours (`*` and weak ones too:
            they would allow a change that was decided on something else).
    """
    if value is None:
        raise IfMatchMissing
    found = _STRONG.fullmatch(value.strip())
    if found is None:
        raise VersionConflict
    return int(found[1])


IfMatch = Annotated[int, Depends(if_match)]
