"""From where somebody asks: the front door is believed, and nobody who only says so."""

from __future__ import annotations

from pydantic import SecretStr

from shared.web.signed_in import TokenVerifier
from shared.web.visitor import introduced
from tests.unit.shared.sample_api import client_of, sample_app


async def test_strangers_behind_the_front_door_are_told_apart() -> None:
    """Each visitor has a bucket; who only claims to be the front door shares their own."""
    verifier = TokenVerifier("http://127.0.0.1:1", "booking")
    secret = SecretStr("d" * 43)
    app = sample_app(
        verifier, anonymous_burst=2, anonymous_per_second=0.001, front_door_secret=secret
    )
    async with client_of(app) as client:

        async def codes(*addresses: str, proof: str) -> list[int]:
            return [
                (
                    await client.post(
                        "/v1/full", headers={"X-Forwarded-For": address, "Front-Door-Secret": proof}
                    )
                ).status_code
                for address in addresses
            ]

        right = introduced("", secret)["Front-Door-Secret"]
        assert await codes(*["2001:db8::1"] * 3, "2001:db8::2", proof=right) == [409, 409, 429, 409]
        assert await codes("10.0.0.1", "10.0.0.2", "10.0.0.3", proof="guess") == [409, 409, 429]
        assert await codes("10.0.0.4", "inte en adress", proof=right) == [409, 429]
    await verifier.keys.close()


async def test_nobody_is_the_front_door_without_a_secret() -> None:
    """An API that knows no secret believes no empty one."""
    verifier = TokenVerifier("http://127.0.0.1:1", "booking")
    app = sample_app(verifier, anonymous_burst=1, anonymous_per_second=0.001)
    async with client_of(app) as client:
        for address, status in (("10.0.0.1", 409), ("10.0.0.2", 429)):
            headers = {"X-Forwarded-For": address, "Front-Door-Secret": ""}
            assert (await client.post("/v1/full", headers=headers)).status_code == status
    await verifier.keys.close()
