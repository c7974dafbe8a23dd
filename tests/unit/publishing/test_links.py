"""Links in mail: only a press changes anything, and only at whoever the link was made for."""

from __future__ import annotations

import base64
import uuid
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import links
from services.publishing.domain.stamps import Keyring, Purpose, Stamps, stamped

RING = Keyring("b", {"a": b"old" * 20, "b": b"new" * 20})
fields = st.dictionaries(
    st.sampled_from(["List-Unsubscribe", "press", "x"]),
    st.sampled_from(["One-Click", "leave", "", "yes"]),
)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=8) | st.sampled_from(["GET", "HEAD", "OPTIONS", "PUT", "post"]), fields)
def test_nothing_but_a_post_changes_anything(method: str, body: dict[str, str]) -> None:
    """GET, HEAD, prefetch, scanners and unheard-of methods change nothing, whatever they carry."""
    if method != "POST":
        assert links.deed(method, body) in ("show", "nothing")


@settings(max_examples=50, deadline=None)
@given(fields)
def test_a_press_is_one_of_two_fields(body: dict[str, str]) -> None:
    """Only the mail program's one-click and the button on our page mean: leave."""
    pressed = body.get("List-Unsubscribe") == "One-Click" or body.get("press") == "leave"
    assert links.deed("POST", body) == ("leave" if pressed else "show")


@settings(max_examples=50, deadline=None)
@given(st.uuids(), st.text(max_size=40), st.integers(1, 65535))
def test_links_open_for_their_own_purpose_alone(who: uuid.UUID, name: str, asking: int) -> None:
    """An unsubscribe link opens no preference page and confirms nothing, and so on around."""
    place = links.Place(who, links.key_of(name))
    leaving, choosing = links.unsubscribe_token(RING, place), links.preference_token(RING, who)
    joining = links.opt_in_token(RING, links.OptIn(place, asking))
    assert links.place_of(RING, leaving) == place
    assert links.subscriber_of(RING, choosing) == who
    assert links.opt_in_of(RING, joining) == links.OptIn(place, asking)
    assert [links.place_of(RING, token) for token in (choosing, joining)] == [None, None]
    assert [links.subscriber_of(RING, token) for token in (leaving, joining)] == [None, None]
    assert [links.opt_in_of(RING, token) for token in (leaving, choosing)] == [None, None]
    for token in (leaving, choosing, joining):
        assert token.isascii()
        assert token.replace("-", "").replace("_", "").isalnum()
        assert len(token) <= 52


def test_a_link_is_for_one_list() -> None:
    """Who is on two lists has two links, and the stamp covers the list too."""
    who = uuid.UUID(int=1)
    one, other = (
        links.unsubscribe_token(RING, links.Place(who, links.key_of(name)))
        for name in ("skolor", "skola")
    )
    assert links.place_of(RING, one) != links.place_of(RING, other)
    stamps = base64.urlsafe_b64decode(one + "=="), base64.urlsafe_b64decode(other + "==")
    mixed = stamps[0][: 17 + links.KEY] + stamps[1][17 + links.KEY :]
    assert links.place_of(RING, base64.urlsafe_b64encode(mixed).decode().rstrip("=")) is None


@settings(max_examples=50, deadline=None)
@given(st.uuids(), st.integers(0, 49), st.sampled_from("AZaz09-_."))
def test_a_changed_link_opens_nothing(who: uuid.UUID, at: int, letter: str) -> None:
    """Nobody can be unsubscribed by guessing."""
    place = links.Place(who, links.key_of("skolor"))
    token = links.unsubscribe_token(RING, place)
    changed = token[:at] + letter + token[at + 1 :]
    assert links.place_of(RING, changed) == (place if changed == token else None)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands in the path, the answer is nobody."""
    assert links.place_of(RING, text) is None
    assert links.subscriber_of(RING, text) is None
    assert links.opt_in_of(RING, text) is None


@pytest.mark.parametrize("keys", [{"b": b"short"}, {"bb": b"k" * 32}, {"B": b"k" * 32}, {}])
def test_weak_keys_are_refused(keys: dict[str, bytes]) -> None:
    """A key has 32 bytes and a name of one letter, and the current one exists."""
    with pytest.raises(ValueError):
        Keyring("b", keys)
    assert "new" not in repr(RING)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=200), st.uuids(), st.binary(max_size=12))
def test_many_stamps_are_the_same_stamps(key: bytes, who: uuid.UUID, extra: bytes) -> None:
    """What is hashed once for all of them changes none, however long the key is."""
    ring = Keyring("k", {"k": key})
    for purpose in get_args(Purpose):
        many = Stamps(ring, purpose)(who.bytes + extra)
        assert many == stamped(ring, purpose, who, extra)
