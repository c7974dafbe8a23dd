"""What a process on the bus is told by its environment. Services subclass it with their own."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from shared.mongo.settings import Key
from shared.settings import ProcessSettings


class BusSettings(ProcessSettings):
    """`amqp_urls` is a JSON list of the hosts of one cluster. Health answers on `metrics_port`."""

    profile: Literal["local", "production"] = "production"
    amqp_urls: Annotated[tuple[str, ...], NoDecode] = Field(repr=False)
    http_host: str = "127.0.0.1"
    metrics_port: int

    @field_validator("amqp_urls", mode="before")
    @classmethod
    def _from_json(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


class WorkerSettings(BusSettings):
    """`audit_signing_key` is the Ed25519 seed that checkpoints of the audit are signed with.

    The worker alone has it.
    """

    audit_signing_key: Key
