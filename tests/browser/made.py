"""Something made over an API, as a page would make it."""

from __future__ import annotations

from typing import Any

from shared.kernel.ids import new_id


async def made(client: Any, path: str, body: Any, headers: Any = None) -> dict[str, Any]:
    once = {"Idempotency-Key": new_id(), **(headers or {})}
    answer = await client.post(path, json=body, headers=once)
    assert answer.is_success, f"{path}: {answer.text}"
    made: dict[str, Any] = answer.json()
    return made
