"""Where a webhook may go: hostile addresses and answers are refused, in every notation."""

from __future__ import annotations

import contextlib
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.domain.addresses import is_public, pinned, webhook_url
from services.publishing.feeds.domain.refusals import AddressNotAllowed
from tests.unit.publishing.feeds.hostile import ANSWERS, PUBLIC, URLS


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_address_is_refused_and_not_repeated(url: str) -> None:
    """Before anybody is asked for its name; the refusal says nothing of what was sent."""
    with pytest.raises(AddressNotAllowed) as refused:
        webhook_url(url)
    assert refused.value.facts == {}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_hostile_answer_spoils_the_whole_name(answer: str) -> None:
    """Alone, first or last among good ones: no connection is made to any of them."""
    assert not is_public(answer)
    for answers in ([answer], [answer, "8.8.8.8"], ["8.8.8.8", answer]):
        with pytest.raises(AddressNotAllowed):
            pinned(answers)


def test_no_answer_is_no_address() -> None:
    """A name that resolves to nothing is not connected to."""
    with pytest.raises(AddressNotAllowed):
        pinned([])


@pytest.mark.parametrize("answer", PUBLIC)
def test_the_internet_is_reached(answer: str) -> None:
    """Else nothing of the above would mean anything."""
    assert pinned([answer, "9.9.9.9"]) == answer


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://partner.example", "https://partner.example"),
        ("https://Hook.Partner.Example/In?k=1&b=%20", "https://hook.partner.example/In?k=1&b=%20"),
        ("https://partner.example?k=1&at=@10.0.0.1", "https://partner.example?k=1&at=@10.0.0.1"),
        ("https://partner.example:443/x", "https://partner.example:443/x"),
        ("https://partner.example:8443/", "https://partner.example:8443/"),
        ("https://xn--rksmrgs-5wao1o.se/krok", "https://xn--rksmrgs-5wao1o.se/krok"),
    ],
)
def test_an_ordinary_address_is_kept(url: str, kept: str) -> None:
    """With its host in lower case, and nothing else changed."""
    assert webhook_url(url) == kept


@given(st.integers(0, 2**32 - 1))
def test_what_python_calls_private_is_never_public(number: int) -> None:
    """Our own list of IPv4 networks lets nothing through that the standard library would stop."""
    address = IPv4Address(number)
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(str(address))


@given(st.integers(0, 2**125 - 1), st.sampled_from([3, 8, 16, 23, 32]))
def test_what_python_calls_private_is_never_public_either(number: int, near: int) -> None:
    """IPv6, drawn from all that is public and from near the beginning of it."""
    address = IPv6Address((1 << 125) | (number >> (near - 3)))
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(str(address))


@given(st.integers(0, 2**32 - 1), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::", "2002::"]))
def test_no_embedded_form_is_public(number: int, prefix: str) -> None:
    """Whatever IPv4 address is inside: the form itself is refused."""
    base = int(IPv6Address(prefix))
    shift = 80 if prefix == "2002::" else 0
    assert not is_public(str(IPv6Address(base | (number << shift))))


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    """It is refused or kept; nothing else happens, and what is kept is https."""
    with contextlib.suppress(AddressNotAllowed):
        assert webhook_url(text).startswith("https://")
