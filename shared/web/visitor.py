"""From where somebody asks, when the front door stands in between.

Behind the front door every connection comes from one address, and strangers would share one bucket
of requests. So the front door says who asks in `X-Forwarded-For` and proves with a secret that it
is the front door. Without the proof the header is anybody's word, and the connection counts.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from pydantic import SecretStr
from starlette.requests import Request

ADDRESS = "X-Forwarded-For"
PROOF = "Front-Door-Secret"


def visitor_of(request: Request) -> str:
    """The address that asks: as the front door says it, else the connection's own."""
    said = request.headers.get(ADDRESS, "")
    if said and _is_the_front_door(request):
        try:
            return str(ip_address(said))
        except ValueError:
            pass  # not one address: then the front door itself is who asks
    return request.client.host if request.client else "unknown"


def introduced(address: str, secret: SecretStr | None) -> dict[str, str]:
    """The headers with which the front door says from where somebody asks."""
    proof = {PROOF: secret.get_secret_value()} if secret is not None else {}
    return {ADDRESS: address, **proof}


def _is_the_front_door(request: Request) -> bool:
    secret: SecretStr | None = request.app.state.front_door_secret
    said = request.headers.get(PROOF, "")
    known = secret.get_secret_value() if secret is not None else ""
    return bool(known) and hmac.compare_digest(said.encode(), known.encode())
