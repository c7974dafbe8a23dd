"""Who may ask for tokens: web with its secret, the command line without one."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.local.identity.settings import Settings
from shared.contracts.catalogue import SERVICES

WEB, COMMAND_LINE = "web", "cli"
AUDIENCES: frozenset[str] = frozenset({*SERVICES, "mentoring", "publishing"})
"""The APIs that a token can be for, one at a time."""


class Clients:
    """The known clients."""

    def __init__(self, settings: Settings) -> None:
        given = settings.web_client_secret
        self._web = given.get_secret_value() if given else _kept_secret(settings.identity_folder)

    def proven(self, authorization: str, form: Mapping[str, str]) -> str | None:
        """The client that proved who it is (Basic or in the form), if one did."""
        name, secret = form.get("client_id", ""), form.get("client_secret", "")
        if authorization.lower().startswith("basic "):
            name, secret = _basic(authorization)
        same = secrets.compare_digest(secret.encode(), self._web.encode())
        return WEB if name == WEB and same else None


def is_loopback(url: str) -> bool:
    """Whether a redirect stays on this machine (RFC 8252 §7.3)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")


def _basic(authorization: str) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(authorization[6:], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    name, _, secret = decoded.partition(":")
    return unquote(name), unquote(secret)


def _kept_secret(folder: Path) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "web-client-secret"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()
