"""Every generated page as {path below docs/: text}; byte-stable for the same code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from deploy.documents.asyncapi import asyncapi
from deploy.documents.events_page import events_page
from shared.contracts.catalogue import EVENTS


def pages() -> Mapping[str, str]:
    """The event catalogue for people, AsyncAPI 3 for tools, and a JSON Schema per event."""
    made = {"events.md": events_page(), "asyncapi.json": _json(asyncapi())}
    for event in EVENTS:
        schema = event.model_json_schema()
        schema["$id"] = f"/schemas/{event.routing_key()}.json"
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        made[f"schemas/{event.routing_key()}.json"] = _json(schema)
    return made


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
