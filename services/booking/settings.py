"""What booking's processes are told by their environment. Read once, frozen, passed down."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.web.settings import WebSettings


class Stores(BaseSettings):
    """What both kinds of process need. Keys are 32 bytes, given in base64."""

    model_config = SettingsConfigDict(env_prefix="SAFESPACE_", frozen=True, extra="ignore")

    mongodb_url: str = Field(repr=False)
    keys_mongodb_url: str = Field(repr=False)
    master_key: Annotated[bytes, NoDecode] = Field(repr=False)
    fingerprint_key: Annotated[bytes, NoDecode] = Field(repr=False)
    clock_file: Path | None = None

    @field_validator("master_key", "fingerprint_key", mode="before")
    @classmethod
    def _from_base64(cls, value: Any) -> Any:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else value

    @field_validator("master_key", "fingerprint_key")
    @classmethod
    def _long_enough(cls, value: bytes) -> bytes:
        if len(value) < 32:
            raise ValueError("a key is at least 32 bytes")
        return value


class HttpSettings(Stores, WebSettings):
    """The HTTP process. It has no broker user.

    `test_unsafe_version` switches the version check off and holds `test_barrier` requests after
    their load, so that a test can show that without the check a seat is sold twice. It exists in
    the local profile only: production refuses to start with it.
    """

    model_config = SettingsConfigDict(env_prefix="SAFESPACE_", frozen=True, extra="ignore")

    test_unsafe_version: bool = False
    test_barrier: int = Field(default=2, ge=1, le=1000)

    @model_validator(mode="after")
    def _never_unsafe_in_production(self) -> Self:
        if self.test_unsafe_version and self.profile != "local":
            raise ValueError("the version check cannot be switched off in production")
        return self


class WorkerSettings(Stores):
    """The worker process: relay, listener and the clockwork."""

    profile: Literal["local", "production"] = "production"
    amqp_urls: Annotated[tuple[str, ...], NoDecode] = Field(repr=False)
    http_host: str = "127.0.0.1"
    metrics_port: int

    @field_validator("amqp_urls", mode="before")
    @classmethod
    def _from_json(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value
