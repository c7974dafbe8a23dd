"""Form posts (`application/x-www-form-urlencoded`), as providers' callbacks send them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

MOST_FIELDS = 200


async def form_fields(request: Request) -> dict[str, str]:
    """The fields by name, UTF-8, the last of each name.

    Raises:
        HTTPException: 415 for another kind of content, 400 for what cannot be read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        text = (await request.body()).decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(400) from None
    return dict(pairs)


FormFields = Annotated[dict[str, str], Depends(form_fields)]
