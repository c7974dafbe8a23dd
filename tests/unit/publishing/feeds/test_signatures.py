"""Standard Webhooks 1.0.0: the published vector, and what independent code thinks of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.feeds.domain.signatures import OVERLAP, Secret, headers, rotated

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
PUBLISHED = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def test_the_published_vector() -> None:
    """The one that every library of the standard is tested with."""
    made = headers(
        [Secret("v1", PUBLISHED)],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_vector_of_the_curve() -> None:
    """RFC 8032 §7.1, test 2: from this seed comes this public key, as the receiver gets it."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    given_out = Secret("v1a", seed).for_the_receiver()
    assert given_out == "whpk_" + base64.b64encode(public).decode()


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.integers(1, 2_000_000_000))
def test_others_accept_what_we_sign_and_nothing_else(seed: bytes, body: bytes, at: int) -> None:
    """Another library checks v1a with the public half alone; v1 is plain HMAC; one bit more: no."""
    secrets = [Secret("v1", seed), Secret("v1a", seed)]
    made = headers(secrets, message_id="e1", at=datetime.fromtimestamp(at, UTC), body=body)
    shared, signed = made["webhook-signature"].split(" ")
    content = f"e1.{at}.".encode() + body
    assert (
        shared
        == "v1," + base64.b64encode(hmac.new(seed, content, hashlib.sha256).digest()).decode()
    )
    public = base64.b64decode(secrets[1].for_the_receiver().removeprefix("whpk_"))
    signature = base64.b64decode(signed.removeprefix("v1a,"))
    Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content + b"x")


def test_rotation_overlaps_for_a_day() -> None:
    """Both sign until the end of the overlap, to the second; then the new one alone."""
    old, new = Secret("v1", b"o" * 32), Secret("v1", b"n" * 32)
    both = rotated([old], new, NOW)
    assert both[0] == new
    assert both[1].until == NOW + OVERLAP

    def count(at: datetime) -> int:
        made = headers(both, message_id="e", at=at, body=b"")
        return len(made["webhook-signature"].split(" "))

    assert count(NOW) == 2
    assert count(NOW + OVERLAP - timedelta(seconds=1)) == 2
    assert count(NOW + OVERLAP) == 1


def test_rotating_twice_never_lengthens_the_life_of_an_old_one() -> None:
    """A secret that was to end in an hour ends in an hour; what has ended is forgotten."""
    old, new, newest = (Secret("v1", sign * 32) for sign in (b"o", b"n", b"x"))
    once = rotated([old], new, NOW, timedelta(hours=1))
    twice = rotated(once, newest, NOW + timedelta(minutes=30))
    assert [each.until for each in twice][2] == NOW + timedelta(hours=1)
    assert len(rotated(once, newest, NOW + timedelta(hours=2))) == 2


@pytest.mark.parametrize(("scheme", "length"), [("v1", 23), ("v1", 65), ("v1a", 31), ("v1a", 33)])
def test_a_weak_secret_is_no_secret(scheme: str, length: int) -> None:
    """24 to 64 bytes for v1, a seed of 32 for v1a; and a secret does not show itself."""
    with pytest.raises(ValueError, match="24 to 64"):
        Secret(scheme, bytes(length))  # type: ignore[arg-type]
    assert "zzzz" not in repr(Secret("v1", b"z" * 32))
