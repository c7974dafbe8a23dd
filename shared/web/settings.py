"""What every HTTP process is told by its environment. Services subclass this with their own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from shared.settings import ProcessSettings


class WebSettings(ProcessSettings):
    """Environment variables with the prefix `SAFESPACE_`; read once, frozen.

    `anonymous_burst` and `anonymous_per_second` bound what one client address may do without an
    account: so many at once, then so many a second. `front_door_secret` is how an API knows the
    front door, and the front door whatever stands before it: only they are believed when they say
    from where a visitor comes. Without it all visitors behind them count as one.
    """

    profile: Literal["local", "production"] = "production"
    http_host: str = "127.0.0.1"
    http_port: int
    issuer: str
    audience: str
    front_door: str
    jwks_url: str | None = None
    front_door_secret: SecretStr | None = Field(default=None, min_length=32)
    anonymous_burst: int = 600
    anonymous_per_second: float = 50.0
