"""The provider's settings, from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at start. A profile other than local is refused: anybody may be anybody here."""

    model_config = SettingsConfigDict(
        env_prefix="SAFESPACE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    profile: Literal["local"] = "local"
    http_port: int
    identity_folder: Path
    issuer: str = ""
    web_client_secret: SecretStr | None = None

    @property
    def address(self) -> str:
        """The issuer: where the provider is reached."""
        return self.issuer or f"http://127.0.0.1:{self.http_port}"
