"""Opening what came sealed: a box that can never be opened is given up at once, not tried again."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from shared.delivery.retries import GiveUp
from shared.privacy.sealing import DoesNotOpen, SealingKeyGone, SealingKeys

OpenBox = Callable[[str, str], Awaitable[dict[str, Any]]]
"""Key id and box (base64, as it stands in the event) → what was sealed in it."""


def opener(keys: SealingKeys) -> OpenBox:
    """How a listener opens boxes made for these keys.

    What it gives up with is `sealing-key-gone` (unknown, or destroyed 14 days after the next) or
    `box-does-not-open` (not base64, another key's, changed on the way, no JSON object inside).
    """

    async def open_box(key_id: str, box: str) -> dict[str, Any]:
        try:
            return await keys.open(key_id, _bytes(box))
        except SealingKeyGone as error:
            raise GiveUp("sealing-key-gone") from error
        except DoesNotOpen as error:
            raise GiveUp("box-does-not-open") from error

    return open_box


def _bytes(box: str) -> bytes:
    try:
        return base64.b64decode(box, validate=True)
    except ValueError as error:
        raise DoesNotOpen from error
