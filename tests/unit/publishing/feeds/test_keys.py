"""Keys of partners: found by a scanner, told from a typing error, worthless in our database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.domain import keys, partner
from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import (
    KeyDoesNotOpen,
    NotASubscriber,
    ScopeMissing,
    TwoKeysAlready,
)
from shared.kernel.refusal import NotFound

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
entropy = st.binary(min_size=40, max_size=40)


def a_partner(**more: object) -> Partner:
    return Partner("p1", "ran-nord", "RAN Nord", frozenset({"feed:read"}), **more)  # type: ignore[arg-type]


@given(entropy, st.sampled_from(["live", "test"]))
def test_a_key_has_its_shape_and_is_whole(some: bytes, where: keys.Environment) -> None:
    """Whatever the entropy: the scanner's pattern finds it in a text, and its checksum is right."""
    text = keys.key_text(where, some)
    assert re.findall(keys.PATTERN, f"key={text};") == [text]
    assert keys.is_whole(text)
    assert keys.looks_like_one(text)
    assert len(keys.id_of(text)) == keys.ID_LENGTH


@given(entropy, st.integers(0, 60), st.sampled_from("0aZ_"))
def test_one_wrong_sign_is_noticed_without_asking_anybody(some: bytes, at: int, sign: str) -> None:
    """A changed character makes the checksum wrong (CRC-32 misses no single one)."""
    text = keys.key_text("live", some)
    at = 9 + at % (len(text) - 9)
    changed = text[:at] + sign + text[at + 1 :]
    assert keys.is_whole(changed) == (changed == text)


def test_two_keys_are_never_alike() -> None:
    """All 32 secret bytes are in the key: another last bit is another key."""
    one, other = bytes(40), bytes(39) + b"\1"
    assert keys.key_text("live", one) != keys.key_text("live", other)
    with pytest.raises(ValueError, match="40"):
        keys.key_text("live", bytes(39))


def test_what_is_kept_opens_nothing() -> None:
    """The digest itself is no key, and the key is not in what is kept."""
    text = keys.key_text("live", bytes(range(40)))
    kept = partner.with_key(a_partner(), text, NOW).keys[0]
    assert text not in repr(kept)
    assert text.split("_")[3] not in repr(kept)
    assert not keys.opens(kept, kept.digest, NOW)
    assert keys.opens(kept, text, NOW)


def test_rotation_needs_two_and_gets_no_more() -> None:
    """Two work side by side; a third waits until one is revoked; the revoked one opens nothing."""
    first, second, third = (keys.key_text("live", bytes([n]) * 40) for n in (1, 2, 3))
    both = partner.with_key(partner.with_key(a_partner(), first, NOW), second, NOW)
    for text in (first, second):
        partner.ensure_key_opens(both, text, NOW)
    with pytest.raises(TwoKeysAlready):
        partner.with_key(both, third, NOW)
    later = partner.with_key(partner.without_key(both, keys.id_of(first), NOW), third, NOW)
    partner.ensure_key_opens(later, third, NOW)
    with pytest.raises(KeyDoesNotOpen):
        partner.ensure_key_opens(later, first, NOW)
    with pytest.raises(NotFound):
        partner.without_key(later, "nobody", NOW)


def test_an_expired_key_opens_nothing_and_makes_room() -> None:
    """To the second: it works before its end, and from then on it does not."""
    text = keys.key_text("live", bytes(40))
    end = NOW + timedelta(days=1)
    one = partner.with_key(a_partner(), text, NOW, expires_at=end)
    partner.ensure_key_opens(one, text, end - timedelta(seconds=1))
    with pytest.raises(KeyDoesNotOpen):
        partner.ensure_key_opens(one, text, end)
    assert one.working_keys(end) == ()


def test_who_has_left_has_no_working_key() -> None:
    """Ending a partner revokes all its keys and lets nobody in."""
    text = keys.key_text("live", bytes(40))
    gone = partner.ended(partner.with_key(a_partner(), text, NOW), NOW)
    assert gone.working_keys(NOW) == ()
    with pytest.raises(KeyDoesNotOpen):
        partner.ensure_may_come_in(gone, "192.0.2.7")
    assert partner.ended(gone, NOW + timedelta(days=1)).ended_at == NOW


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("192.0.2.7", True),
        ("::ffff:192.0.2.7", True),
        ("2001:db8::1", True),
        ("192.0.3.7", False),
        ("2001:db9::1", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_a_key_is_used_from_the_networks_it_was_made_for(address: str, inside: bool) -> None:
    """Both families; an address that nobody can read is outside."""
    one = a_partner(networks=("192.0.2.0/24", "2001:db8::/32"))
    if inside:
        partner.ensure_may_come_in(one, address)
    else:
        with pytest.raises(KeyDoesNotOpen):
            partner.ensure_may_come_in(one, address)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x"},
        {"name": "Stora"},
        {"name": "-a-b"},
        {"title": " "},
        {"scopes": frozenset({"everything"})},
        {"networks": ("192.0.2.1/24",)},
        {"networks": ("here",)},
        {"per_minute": 0},
    ],
)
def test_a_partner_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    """Names, scopes, networks (with host bits too) and rates."""
    whole = {"id": "p", "name": "ran-nord", "title": "RAN", "scopes": frozenset[str]()}
    with pytest.raises(NotASubscriber):
        Partner(**{**whole, **wrong})  # type: ignore[arg-type]


def test_scopes_are_what_was_given() -> None:
    """What was not given is refused by its name."""
    partner.ensure_scope(a_partner(), "feed:read")
    with pytest.raises(ScopeMissing, match="scope-missing") as refused:
        partner.ensure_scope(a_partner(), "cews:post")
    assert "cews:post" in refused.value.says("sv")


def test_what_was_owed_stays_owed_when_the_connection_changes() -> None:
    """A narrower filter counts from where it was made; before that the wider one did."""
    one = partner.joined(a_partner(), NOW)
    narrow = Filter(types=("se.safespace.publishing.*",))
    changes = {"title": "RAN", "networks": (), "client": None, "per_minute": 60}
    later = partner.changed(one, position=7, scopes=one.scopes, only=narrow, **changes)  # type: ignore[arg-type]
    assert [each.after for each in later.entitlements] == [0, 7]
    again = partner.changed(later, position=7, scopes=one.scopes, only=Filter(), **changes)  # type: ignore[arg-type]
    assert [each.after for each in again.entitlements] == [0, 7]
    same = partner.changed(again, position=9, scopes=one.scopes, only=Filter(), **changes)  # type: ignore[arg-type]
    assert same.entitlements == again.entitlements
