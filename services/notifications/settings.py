"""What the two processes are told by their environment. Read once, frozen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from shared.delivery import settings as delivery
from shared.mongo.settings import StoreSettings
from shared.web.settings import WebSettings


class HouseSettings(StoreSettings):
    """What both processes must know besides where things are kept."""

    front_door: str
    mail_from: str
    callback_secret: SecretStr
    quiet_hours: Literal["on", "off"] = "on"


class HttpSettings(WebSettings, HouseSettings):
    """The HTTP process: no broker, no provider."""


class WorkerSettings(HouseSettings, delivery.WorkerSettings):
    """The worker: listens, sends, reminds. Times in seconds."""

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
