"""Tokens: only what this issuer signed for this audience gets in."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from joserfc.jwk import ECKey, OctKey, RSAKey

from shared.web.refusals import NotSignedIn, TokenKeysUnavailable
from shared.web.signed_in import TokenVerifier
from shared.web.signing_keys import BETWEEN_LOOKS_SECONDS, FRESH_SECONDS, SigningKeys
from tests.support.eventually import eventually
from tests.unit.shared.issuer import Issuer, an_issuer


class Stopwatch:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as made:
        yield made


@pytest_asyncio.fixture
async def watch() -> Stopwatch:
    return Stopwatch()


@pytest_asyncio.fixture
async def verifier(issuer: Issuer, watch: Stopwatch) -> AsyncIterator[TokenVerifier]:
    keys = SigningKeys(issuer.url, seconds=watch)
    yield TokenVerifier(issuer.url, "booking", keys=keys)
    await keys.close()


def segment(content: object) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_by_hand(head: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    signing = f"{segment(head)}.{segment(claims)}"
    if secret is None:
        return f"{signing}."
    return f"{signing}.{segment(hmac.new(secret, signing.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize("which", ["rsa", "ec"])
async def test_a_good_token_says_who(issuer: Issuer, verifier: TokenVerifier, which: str) -> None:
    """A token of the issuer for this service becomes the actor with its roles and names."""
    actor = await verifier.verify(issuer.token(getattr(issuer, which)))
    assert (actor.kind, actor.id, actor.username) == ("staff", "person-1", "leyla.sjo")
    assert actor.roles == {"coordinator"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "mentoring"},
        {"aud": ["booking", "mentoring"]},
        {"aud": []},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": 1_000_000},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": ""},
    ],
)
async def test_wrong_claims_stay_outside(
    issuer: Issuer, verifier: TokenVerifier, wrong: dict[str, Any]
) -> None:
    """Another audience, two audiences, another issuer, or outside its time: not signed in."""
    with pytest.raises(NotSignedIn):
        await verifier.verify(issuer.token(**wrong))
    assert await verifier.verify(issuer.token()), "and with the right claims it gets in"


async def test_a_few_seconds_late_is_not_late(issuer: Issuer, verifier: TokenVerifier) -> None:
    """Clocks differ a little: ten seconds past the end still holds, ten minutes does not."""
    now = issuer.claims()["iat"]
    assert await verifier.verify(issuer.token(exp=now - 10))
    with pytest.raises(NotSignedIn):
        await verifier.verify(issuer.token(exp=now - 600))


async def test_a_token_seen_before_is_not_good_for_ever(issuer: Issuer) -> None:
    """A token that was accepted is refused when its time is over, and is not checked by name."""
    now = [issuer.claims()["iat"]]
    verifier = TokenVerifier(issuer.url, "booking", now=lambda: now[0])
    token = issuer.token()
    for _ in range(3):
        assert (await verifier.verify(token)).id == "person-1"
    last = token[-6]
    with pytest.raises(NotSignedIn):
        await verifier.verify(token[:-6] + ("A" if last != "A" else "B") + token[-5:])
    now[0] += 3600
    with pytest.raises(NotSignedIn):
        await verifier.verify(token)
    await verifier.keys.close()


async def test_no_signature_is_no_signature(issuer: Issuer, verifier: TokenVerifier) -> None:
    """`alg: none` in any spelling, with or without a known key id, opens nothing."""
    for name in ("none", "None", "NONE", "nOnE"):
        for extra in ({}, {"kid": "ec-1"}):
            with pytest.raises(NotSignedIn):
                await verifier.verify(
                    signed_by_hand({"alg": name, **extra}, issuer.claims(), secret=None)
                )


async def test_a_public_key_is_not_a_secret(issuer: Issuer, verifier: TokenVerifier) -> None:
    """HS256 keyed with the issuer's public key is refused; a naive check would accept it."""
    public = issuer.rsa.as_pem(private=False)
    forged = signed_by_hand({"alg": "HS256", "kid": "rsa-1"}, issuer.claims(), public)
    signing, _, tag = forged.rpartition(".")
    naive = segment(hmac.new(public, signing.encode(), hashlib.sha256).digest())
    assert naive == tag, "the forgery is a good one"
    with pytest.raises(NotSignedIn):
        await verifier.verify(forged)


async def test_the_token_cannot_bring_its_own_key(issuer: Issuer, verifier: TokenVerifier) -> None:
    """`jwk`, `jku`, `x5u` and `crit` in the header change nothing: the key must be the issuer's."""
    stranger = ECKey.generate_key("P-256", {"kid": "ec-1"})
    own = {"jwk": stranger.as_dict(private=False)}
    for header in (own, {"jku": "http://127.0.0.1:9/k"}, {"x5u": "http://127.0.0.1:9/k"}, {}):
        head = segment({"alg": "ES256", "kid": "ec-1", **header})
        body_and_tag = issuer.token(stranger).split(".", 1)[1]
        with pytest.raises(NotSignedIn):
            await verifier.verify(f"{head}.{body_and_tag}")
    with pytest.raises(NotSignedIn):
        await verifier.verify(issuer.token(header={"typ": "logout+jwt"}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "åäö",
        "x" * 9000,
        f"{segment([1])}.{segment({})}.x",
        f"{segment(b'[' * 900)}.x.y",
        f"{segment({'alg': 'ES256', 'kid': 7})}.x.y",
        f"{segment({'alg': ['ES256'], 'kid': 'ec-1'})}.x.y",
        f"{segment({'alg': 'ES256', 'kid': 'ec-1'})}.e30.",
        f"{segment({'alg': 'RS256', 'kid': 'ec-1'})}.e30.e30",
    ],
)
async def test_rubbish_is_not_a_token(verifier: TokenVerifier, text: str) -> None:
    """Whatever else stands there is a plain 401, never an error of ours."""
    with pytest.raises(NotSignedIn):
        await verifier.verify(text)


async def test_made_up_key_ids_do_not_bother_the_issuer(
    issuer: Issuer, verifier: TokenVerifier, watch: Stopwatch
) -> None:
    """Three hundred unknown key ids cost the issuer one question, and good tokens go on working."""
    await verifier.verify(issuer.token())
    watch.at += BETWEEN_LOOKS_SECONDS + 1
    before = issuer.asked_for_keys

    async def storm(number: int) -> None:
        stranger = ECKey.generate_key("P-256", {"kid": f"made-up-{number}"})
        with pytest.raises(NotSignedIn):
            await verifier.verify(issuer.token(stranger))

    await asyncio.gather(*(storm(number) for number in range(300)))
    assert issuer.asked_for_keys == before + 1
    assert await verifier.verify(issuer.token())


async def test_a_new_key_is_found(
    issuer: Issuer, verifier: TokenVerifier, watch: Stopwatch
) -> None:
    """The issuer's next key is looked up when it first appears in a token."""
    await verifier.verify(issuer.token())
    fresh = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
    issuer.published.append(fresh)
    with pytest.raises(NotSignedIn):
        await verifier.verify(issuer.token(fresh))
    watch.at += BETWEEN_LOOKS_SECONDS + 1
    assert await verifier.verify(issuer.token(fresh))


async def test_a_withdrawn_key_stops_working(
    issuer: Issuer, verifier: TokenVerifier, watch: Stopwatch
) -> None:
    """A key that the issuer takes away is dropped when the keys are next looked up."""
    token = issuer.token(issuer.rsa)
    await verifier.verify(token)
    issuer.published.remove(issuer.rsa)
    watch.at += FRESH_SECONDS + 1

    async def refused() -> bool:
        watch.at += BETWEEN_LOOKS_SECONDS + 1
        try:
            await verifier.verify(token)
        except NotSignedIn:
            return True
        return False

    assert await eventually(refused)


async def test_the_issuer_may_be_away_for_a_while(
    issuer: Issuer, verifier: TokenVerifier, watch: Stopwatch
) -> None:
    """Known keys go on working while the issuer is away; without any, the answer is 'later'."""
    await verifier.verify(issuer.token())
    issuer.answers = False
    watch.at += FRESH_SECONDS * 3
    assert await verifier.verify(issuer.token())

    newcomer = SigningKeys(issuer.url)
    with pytest.raises(TokenKeysUnavailable):
        await TokenVerifier(issuer.url, "booking", keys=newcomer).verify(issuer.token())
    await newcomer.close()


async def test_shared_secrets_in_the_key_set_are_ignored(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    """A key set that leaks a symmetric key does not turn it into a way in."""
    secret = OctKey.generate_key(256, {"kid": "oct-1"})
    issuer.published.append(secret)
    raw = base64.urlsafe_b64decode(secret.as_dict()["k"] + "==")
    with pytest.raises(NotSignedIn):
        await verifier.verify(
            signed_by_hand({"alg": "HS256", "kid": "oct-1"}, issuer.claims(), raw)
        )
