"""Links in mail: only a press changes anything, and only at whoever the link was made for."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import links
from services.publishing.domain.stamps import Keyring

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
@given(st.uuids(), st.integers(1, 65535))
def test_links_open_for_their_own_purpose_alone(one: uuid.UUID, asking: int) -> None:
    """An unsubscribe link opens no preference page and confirms nothing, and so on around."""
    leaving, choosing = links.unsubscribe_token(RING, one), links.preference_token(RING, one)
    joining = links.opt_in_token(RING, links.OptIn(one, asking))
    assert links.subscription_of(RING, leaving) == one
    assert links.subscriber_of(RING, choosing) == one
    assert links.opt_in_of(RING, joining) == links.OptIn(one, asking)
    assert links.subscription_of(RING, choosing) is None
    assert links.subscriber_of(RING, leaving) is None
    assert links.opt_in_of(RING, leaving) is None
    assert links.subscription_of(RING, joining) is None
    assert all(
        text.isascii() and "/" not in text and "=" not in text for text in (leaving, joining)
    )


@settings(max_examples=50, deadline=None)
@given(st.uuids(), st.integers(0, 38), st.sampled_from("AZaz09-_."))
def test_a_changed_link_opens_nothing(one: uuid.UUID, at: int, letter: str) -> None:
    """Nobody can be unsubscribed by guessing."""
    token = links.unsubscribe_token(RING, one)
    changed = token[:at] + letter + token[at + 1 :]
    assert links.subscription_of(RING, changed) == (one if changed == token else None)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands in the path, the answer is nobody."""
    assert links.subscription_of(RING, text) is None
    assert links.opt_in_of(RING, text) is None


@pytest.mark.parametrize("keys", [{"b": b"short"}, {"bb": b"k" * 32}, {"B": b"k" * 32}, {}])
def test_weak_keys_are_refused(keys: dict[str, bytes]) -> None:
    """A key has 32 bytes and a name of one letter, and the current one exists."""
    with pytest.raises(ValueError):
        Keyring("b", keys)
    assert "new" not in repr(RING)
