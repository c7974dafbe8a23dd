"""Passwords and keys of one local copy, made once. Production brings its own."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

from deploy.local.data_folder import DataFolder, read_json, write_json


class Secrets:
    """What the copy keeps to itself (secrets.json, 0600). Names: `amqp/booking`, `key/…`."""

    def __init__(self, folder: DataFolder) -> None:
        self._file = folder.secrets
        self._kept: dict[str, str] = read_json(folder.secrets) or {}

    def word(self, name: str) -> str:
        """A password fit for a URL: 32 random bytes, base64url."""
        return self._once(name, lambda: secrets.token_urlsafe(32))

    def key(self, name: str) -> str:
        """A 32-byte key in base64."""
        return self._once(name, lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    def renew(self, name: str) -> str:
        """Another key under this name; the earlier one is added to those in `<name>/others`."""
        earlier, others = self.key(name), self.others(name)
        self._kept[f"{name}/others"] = ",".join(
            [earlier, *others.split(",")] if others else [earlier]
        )
        del self._kept[name]
        return self.key(name)

    def others(self, name: str) -> str:
        """Earlier keys of this name, with commas between; empty when it was never renewed."""
        return self._kept.get(f"{name}/others", "")

    def _once(self, name: str, make: Callable[[], str]) -> str:
        if name not in self._kept:
            self._kept[name] = make()
            write_json(self._file, self._kept)
        return self._kept[name]
