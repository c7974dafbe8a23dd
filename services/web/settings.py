"""Web's settings, from the environment."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from shared.web.settings import WebSettings


class Settings(WebSettings):
    """Read once at start. A service without an address is not behind this front door.

    Health and numbers answer on `metrics_port`, never at the door, which is open to anybody.
    """

    metrics_port: int
    clock_file: Path | None = None
    mongodb_url: SecretStr
    session_key: SecretStr
    client_secret: SecretStr
    callback_secret: SecretStr
    booking_url: str
    notifications_url: str
    issuer_inside: str | None = None
    """Where the identity provider is reached from here, if not at its public address."""
    mentoring_url: str = ""
    publishing_url: str = ""
    bookings_burst: int = 60
    bookings_per_minute: float = 6.0
    support_burst: int = 8
    support_per_hour: float = 30.0
    """How often one address may book, and write to somebody: so often at once, then so often."""
    leave_to: str = "https://www.smhi.se/"
    """Where "leave the page now" leads: somewhere that anybody might be looking at."""

    @property
    def services(self) -> dict[str, str]:
        """Name → address of the APIs behind the door."""
        known = {
            "booking": self.booking_url,
            "notifications": self.notifications_url,
            "mentoring": self.mentoring_url,
            "publishing": self.publishing_url,
        }
        return {name: url.rstrip("/") for name, url in known.items() if url}

    @property
    def origin(self) -> str:
        """Scheme and host of the front door, as browsers write it in Origin."""
        parts = urlsplit(self.front_door)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def over_https(self) -> bool:
        """Whether people come in over https; on loopback they need not."""
        return self.front_door.startswith("https://")

    @property
    def key(self) -> bytes:
        """The 32 bytes that link secrets and tokens are encrypted with at rest."""
        return base64.b64decode(self.session_key.get_secret_value())
