"""How a process is told things: by its environment, and what is secret by files."""

from __future__ import annotations

import os

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

SECRETS = "SAFESPACE_SECRETS"
"""Names the folder of secret files, one a setting, such as `safespace_mongodb_url`; optional.

An environment can be read in many places (a crash report, a process list, an inspection of the
container); a mounted file can be read by the process alone.
"""


class ProcessSettings(BaseSettings):
    """Environment variables with the prefix `SAFESPACE_`, then files; read once, frozen."""

    model_config = SettingsConfigDict(
        env_prefix="SAFESPACE_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library passes all of them
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the environment says goes before what a file says."""
        folder = os.environ.get(SECRETS)
        files = [SecretsSettingsSource(settings_cls, secrets_dir=folder)] if folder else []
        return init_settings, env_settings, *files
