"""Where a service keeps things: its database and those beside it, and the keys it is given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from shared.privacy.master_keys import MasterKeys
from shared.privacy.wrapping import key_from_base64
from shared.settings import ProcessSettings


def _key(value: Any) -> Any:
    return key_from_base64(value) if isinstance(value, str) else value


def _keys(value: Any) -> Any:
    return (
        tuple(_key(each) for each in value.split(",") if each) if isinstance(value, str) else value
    )


Key = Annotated[bytes, NoDecode, BeforeValidator(_key), Field(min_length=32, repr=False)]
"""32 bytes, given in base64."""


Keys = Annotated[tuple[bytes, ...], NoDecode, BeforeValidator(_keys), Field(repr=False)]
"""None or more of them, with commas between."""


class StoreSettings(ProcessSettings):
    """What both kinds of process of a service need. URLs carry passwords, so they are secrets.

    Each URL is another user's: data, wrapped keys, the audit and its checkpoints are kept apart.
    `clock_file` holds the local copy's offset of domain time; production has none.
    """

    mongodb_url: SecretStr
    keys_mongodb_url: SecretStr
    audit_mongodb_url: SecretStr
    checkpoints_mongodb_url: SecretStr
    master_key: Key
    other_master_keys: Keys = ()
    fingerprint_key: Key
    clock_file: Path | None = None

    @property
    def master_keys(self) -> MasterKeys:
        """All that the service's keys may be wrapped with; see there how one is changed."""
        return MasterKeys(self.master_key, self.other_master_keys)
