"""What mentoring's processes are told by their environment. Read once, frozen, passed down."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.delivery import settings as delivery
from shared.mongo.settings import StoreSettings
from shared.web.settings import WebSettings


class IdentitySettings(BaseSettings):
    """Who the people are stands in a database of its own, under a user of its own."""

    model_config = SettingsConfigDict(
        env_prefix="SAFESPACE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    identity_mongodb_url: SecretStr


class HttpSettings(StoreSettings, IdentitySettings, WebSettings):
    """The HTTP process. It has no broker user."""


class WorkerSettings(StoreSettings, IdentitySettings, delivery.WorkerSettings):
    """The worker process: relay, listener and the clockwork."""
