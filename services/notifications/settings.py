"""What the two processes are told by their environment. Read once, frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.web.settings import WebSettings


class Stored(BaseSettings):
    """Where things are kept, and what both processes must know."""

    model_config = SettingsConfigDict(
        env_prefix="SAFESPACE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    mongodb_url: SecretStr
    keys_mongodb_url: SecretStr
    master_key: SecretStr
    fingerprint_key: SecretStr
    clock_file: Path | None = None
    mail_from: str
    callback_secret: SecretStr
    quiet_hours: Literal["on", "off"] = "on"


class HttpSettings(WebSettings, Stored):
    """The HTTP process: no broker, no provider."""


class WorkerSettings(Stored):
    """The worker: listens, sends, reminds. Times in seconds."""

    profile: Literal["local", "production"] = "production"
    http_host: str = "127.0.0.1"
    metrics_port: int
    front_door: str
    amqp_urls: list[str]
    elks_url: str
    elks_user: str
    elks_password: SecretStr
    sms_from: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    smtp_host: str
    smtp_port: int
    sms_at_once: int = 12
    emails_at_once: int = 6
    send_lease: float = 45.0
    none_means_retry: float = 120.0
    until_uncertain: float = 600.0
    look_again: float = 5.0
    wait_for_card: float = 600.0
