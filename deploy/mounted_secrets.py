"""The secret files that a one-shot job was given, by name."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.settings import SECRETS


class NoSecret(Exception):
    """A secret that the job needs was not mounted. Says which, never what is in another."""


class MountedSecrets:
    """The folder that `SAFESPACE_SECRETS` names."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(os.environ.get(SECRETS, "/run/secrets/safespace"))

    def read(self, name: str) -> str:
        """One secret. Raises NoSecret."""
        try:
            return (self._folder / name).read_text("utf-8").strip()
        except OSError as error:
            raise NoSecret(name) from error

    def password_in(self, name: str) -> str:
        """The password in a URL, or in the first of a JSON list of URLs. Raises NoSecret.

        A service's URL is the one place where its password stands: the servers learn it from there.
        """
        said = self.read(name)
        url = json.loads(said)[0] if said.startswith("[") else said
        password = urlsplit(url).password
        if not password:
            raise NoSecret(f"{name}: no password in the URL")
        return unquote(password)
