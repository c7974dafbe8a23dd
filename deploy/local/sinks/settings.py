"""The sinks' settings, from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.data_folder import data_folder


class Settings(BaseSettings):
    """Read once at start. `sinks_folder` defaults to `sinks/` in the copy's data folder."""

    model_config = SettingsConfigDict(
        env_prefix="SAFESPACE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    sms_sink_port: int
    smtp_sink_port: int
    elks_user: str
    elks_password: SecretStr
    inbound_url: str = ""
    sms_from: str = ""
    sinks_folder: Path | None = None

    def folder(self) -> Path:
        """Where what arrived is kept; made if missing, private."""
        path = self.sinks_folder or data_folder().folder("sinks")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path
