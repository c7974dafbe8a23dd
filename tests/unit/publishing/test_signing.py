"""Signatures that an independent verifier accepts, and that any change on the way breaks."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from email.policy import SMTP
from functools import cache
from html import escape
from typing import cast

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.address import address
from services.publishing.domain.letter import Letter, Written
from services.publishing.mailing.compiling import compile_variant
from services.publishing.mailing.header_fields import (
    mailbox_field,
    one_line,
    own_relaxed,
    relaxed,
    text_field,
)
from services.publishing.mailing.signing import (
    DkimKey,
    KeyDoesNotSign,
    dkim_key,
    seeded,
    signed_mail,
)
from services.publishing.mailing.single_letters import Post
from shared.kernel.ids import new_id
from shared.mail.letterbox import Letterbox
from tests.unit.publishing.letters import DESK, HOUSE, NOW, RING, SV, reader

VARIANT = compile_variant(SV, HOUSE)


def pem(key: object) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined,no-any-return]


@cache
def keys() -> tuple[object, ...]:
    return rsa.generate_private_key(65537, 2048), Ed25519PrivateKey.generate()


def record(name: bytes, timeout: int = 0) -> bytes | None:
    """What DNS would say: the public halves, as RFC 6376 §3.6.1 and RFC 8463 §4 write them."""
    del timeout
    big, small = (key.public_key() for key in keys())  # type: ignore[attr-defined]
    der = big.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    raw = small.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        b"r1._domainkey.exempel.se.": b"v=DKIM1; k=rsa; p=" + base64.b64encode(der),
        b"e1._domainkey.exempel.se.": b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw),
    }.get(name)


@cache
def desk() -> object:
    both = zip(("r1", "e1"), keys(), strict=True)
    return replace(DESK, keys=[dkim_key("exempel.se", name, pem(key)) for name, key in both])


def signed(name: str = "Åsa Öberg") -> bytes:
    return desk().letters(VARIANT, [reader(1, name)], NOW)[0].content  # type: ignore[attr-defined,no-any-return]


def verified(content: bytes) -> list[bool]:
    found = []
    for at in range(2):
        try:
            found.append(dkim.DKIM(content).verify(at, dnsfunc=record))
        except dkim.DKIMException:
            found.append(False)
    return found


@settings(max_examples=6, deadline=None)
@given(st.text(max_size=60))
def test_an_independent_verifier_accepts_both_signatures(name: str) -> None:
    """RSA and Ed25519, whatever the reader is called."""
    assert verified(signed(name)) == [True, True]


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=60), st.text(max_size=400) | st.text(" \t\r\nåa.", max_size=200))
def test_single_letters_are_signed_whole(name: str, text: str) -> None:
    """A mail of any making, its blanks and empty lines too; and a change is noticed."""
    subject = one_line(name.encode("utf-8", "replace").decode())
    text = text.encode("utf-8", "replace").decode()
    written = Written(address("asa@example.org"), subject, text, f"<p>{escape(text)}</p>")
    letter = Letter(new_id(), "test", "about", "sv", NOW)
    post = Post(Letterbox("", 0, connections=0), RING, "Åsa", "nyheter@exempel.se", "bounce.se")
    content = post.mail(letter, written).as_bytes(policy=SMTP)
    whole = signed_mail(content, desk().keys, NOW)  # type: ignore[attr-defined]
    assert whole.endswith(content)
    assert verified(whole) == [True, True]
    for was, becomes in ((b"\r\nTo: ", b"\r\nTo: x"), (b"<p>", b"<b>")):
        if was in whole:
            assert verified(whole.replace(was, becomes, 1)) == [False, False]


def test_the_one_click_fields_are_inside_the_signature() -> None:
    """RFC 8058 §4: without that, a mail program shows no button."""
    head = signed().partition(b"\r\n\r\n")[0].replace(b"\r\n ", b"")
    named = re.findall(rb";h=([^;]+);", head)
    assert len(named) == 2
    for h in named:
        assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from"} <= set(h.split(b":"))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"/u/", b"/v/"),
        (b"One-Click", b"Two-Click"),
        (b"Hej", b"Nej"),
        (b"From: ", b"From: evil@example.net\r\nFrom: "),
        (b"List-Unsubscribe: ", b"List-Unsubscribe: <https://evil.example>\r\nList-Unsubscribe: "),
        (b"Subject: ", b"Subject: x\r\nSubject: "),
        (b"List-Unsubscribe-Post: ", b"List-Unsubscribe-Post: x\r\nList-Unsubscribe-Post: "),
        (b"Message-ID: ", b"Message-ID: <x@y>\r\nMessage-ID: "),
        (b"--\r\n", b"--\r\nmore\r\n"),
    ],
)
def test_any_change_breaks_both(was: bytes, becomes: bytes) -> None:
    """A changed link, word or button, and a second sender, subject or link, are noticed."""
    content = signed()
    assert content.count(was)
    assert verified(content.replace(was, becomes, 1)) == [False, False]


def test_what_a_relay_may_do_breaks_nothing() -> None:
    """Folding anew, a trace field on top and a blank line at the end are allowed on the way."""
    content = signed().replace(b"List-Id: ", b"List-Id:   \t")
    assert verified(b"Received: from a by b\r\n" + content + b"\r\n") == [True, True]


def test_weak_and_strange_keys_are_refused() -> None:
    """RSA below 2,048 bits (RFC 8301), other kinds, and what is no key."""
    weak = rsa.generate_private_key(65537, 1024)
    for bad in (pem(weak), pem(ec.generate_private_key(ec.SECP256R1())), b"no key"):
        with pytest.raises(KeyDoesNotSign):
            dkim_key("exempel.se", "x", bad)
    assert "private" not in repr(dkim_key("exempel.se", "r1", pem(keys()[0])))


def test_no_key_is_signed_with_that_libsodium_would_read_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes 64 bytes from wherever a secret begins: another kind of key has none to give."""
    for other in (ec.generate_private_key(ec.SECP256R1()), ed448.Ed448PrivateKey.generate()):
        with pytest.raises(KeyDoesNotSign):
            DkimKey("exempel.se", "x", cast("Ed25519PrivateKey", other))
    made = "services.publishing.mailing.signing.crypto_sign_seed_keypair"
    monkeypatch.setattr(made, lambda seed: (b"", seed))
    with pytest.raises(KeyDoesNotSign):
        seeded("exempel.se", "x", b"s" * 32)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.integers(1, 60))
def test_what_is_made_here_is_relaxed_without_looking_for_blanks(name: str, length: int) -> None:
    """Whatever somebody is called, their field is signed as the standard's own rule has it."""
    to_field = mailbox_field("To", name, f"{'a' * length}@example.org")
    assert own_relaxed(to_field) == relaxed(to_field)
    subject = text_field("Subject", name)
    assert own_relaxed(subject) == relaxed(subject)
