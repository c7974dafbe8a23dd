"""Bodies as people's browsers, providers and scripts send them: forms or JSON."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

_LARGEST = 1024 * 1024


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form or of a flat JSON object, as text.

    Raises:
        HTTPException: 400 when the body is neither, 413 when it is larger than 1 MiB.
    """
    body = await request.body()
    if len(body) > _LARGEST:
        raise HTTPException(413, "För stort. Too large.")
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            return {str(name): str(value) for name, value in json.loads(body).items()}
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except (ValueError, AttributeError) as wrong:
        raise HTTPException(400, "Läsbar form eller JSON, tack. A form or JSON, please.") from wrong
