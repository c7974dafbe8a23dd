"""Atom feeds that any reader can read, and the way not to send them again."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from shared.web.atom import Entry, Feed, atom, tag
from shared.web.unchanged import answer_if_changed, content_etag

AT = datetime(2027, 1, 12, 9, 30, tzinfo=timezone(timedelta(hours=1)))
NS = {"a": "http://www.w3.org/2005/Atom"}
texts = st.text(max_size=60) | st.text(st.sampled_from("<>&\"'\x00\x0b]]>\ud800å"), max_size=30)


def feed(*titles: str, language: str = "sv") -> Feed:
    entries = [
        Entry(
            id=tag("exempel.se", "2026", "newsletters", f"n{number}"),
            title=title,
            published=AT,
            updated=AT,
            link=f"https://exempel.se/{number}?a=1&b=2",
            html=f"<p>{title}</p>",
        )
        for number, title in enumerate(titles)
    ]
    return Feed(
        tag("exempel.se", "2026", "skolor"), titles[0] if titles else "", "Safe Space", language,
        AT, "https://exempel.se/flode?a&b", "https://exempel.se/", entries,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(texts, max_size=3))
def test_any_title_makes_a_feed_that_can_be_read(titles: list[str]) -> None:
    """Whatever is written: well-formed, and the words come back less what XML cannot hold."""
    root = ET.fromstring(atom(feed(*titles)).decode())
    found = [each.text or "" for each in root.findall("a:entry/a:title", NS)]
    clean = [
        "".join(c for c in title if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"))
        for title in titles
    ]
    plain = [each.replace("\r\n", "\n").replace("\r", "\n") for each in clean]
    assert [each.replace("\ufffe", "").replace("\uffff", "") for each in plain] == found


def test_a_feed_has_what_the_standard_demands() -> None:
    """RFC 4287 §4.1: id, title, updated, author, itself; entries with id, title, time, content."""
    root = ET.fromstring(atom(feed("Hej", "Då", language="ar")).decode())
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert root.findtext("a:id", namespaces=NS) == "tag:exempel.se,2026:skolor"
    assert root.findtext("a:updated", namespaces=NS) == "2027-01-12T08:30:00Z"
    assert root.findtext("a:author/a:name", namespaces=NS) == "Safe Space"
    links = {each.get("rel"): each.get("href") for each in root.findall("a:link", NS)}
    assert links == {"self": "https://exempel.se/flode?a&b", "alternate": "https://exempel.se/"}
    entries = root.findall("a:entry", NS)
    ids = [each.findtext("a:id", namespaces=NS) for each in entries]
    assert ids == ["tag:exempel.se,2026:newsletters/n0", "tag:exempel.se,2026:newsletters/n1"]
    for name in ("title", "updated", "published", "content"):
        assert all(each.findtext(f"a:{name}", namespaces=NS) for each in entries), name


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (None, 200),
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"other", {etag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("nonsense", 200),
    ],
)
def test_what_somebody_has_is_not_sent_again(asked: str | None, status: int) -> None:
    """The same bytes have the same tag; who names it gets 304 without them."""
    content = atom(feed("Hej"))
    etag = content_etag(content)
    assert etag == content_etag(atom(feed("Hej"))) != content_etag(atom(feed("Då")))
    headers = [] if asked is None else [(b"if-none-match", asked.format(etag=etag).encode())]
    request = Request({"type": "http", "method": "GET", "headers": headers})
    answer = answer_if_changed(request, content, "application/atom+xml")
    assert answer.status_code == status
    assert answer.headers["etag"] == etag
    assert bytes(answer.body) == (content if status == 200 else b"")


def test_times_are_said_in_utc() -> None:
    """An hour is an hour wherever it was written down."""
    assert atom(feed("a")) == atom(
        Feed(**{**_fields(feed("a")), "updated": AT.astimezone(UTC)})  # type: ignore[arg-type]
    )


def _fields(one: Feed) -> dict[str, object]:
    return {name: getattr(one, name) for name in Feed.__slots__}
