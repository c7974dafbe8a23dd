"""The feed for people is one that any reader can read, whatever somebody has written."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.feeds.domain.atom import atom
from services.publishing.feeds.domain.entry import Entry

AT = datetime(2027, 1, 12, 9, 30, tzinfo=timezone(timedelta(hours=1)))
FEED = "https://exempel.se/api/publishing/v1/feed"
NS = {"a": "http://www.w3.org/2005/Atom"}
texts = st.text(max_size=40) | st.text(st.sampled_from("<>&\"'\0\v\r]]>\ud800\ufffe\uffffå"))


def an_entry(number: int, text: str, *, redacted: bool = False) -> Entry:
    return Entry(
        position=number,
        event_id=f"0190b6c6-0000-7000-9000-00000000000{number}",
        type="se.safespace.publishing.bulletin-published.v1",
        subject="s",
        scope="cews",
        places=(text,),
        at=AT + timedelta(minutes=number),
        body=json.dumps({"data": {"title": text, "text": text}}).encode(),
        redacted=redacted,
    )


@settings(max_examples=60, deadline=None)
@given(texts)
def test_any_words_make_a_feed_that_can_be_read(text: str) -> None:
    """One sign that XML has not would take everybody's feed away."""
    root = ET.fromstring(atom([an_entry(1, text)], title=text, feed=FEED))
    assert len(root.findall("a:entry", NS)) == 1


def test_it_has_what_the_standard_demands() -> None:
    """RFC 4287 §4.1: ids that are addresses, titles, times in UTC, who wrote it, itself, links."""
    root = ET.fromstring(
        atom([an_entry(2, "Nytt & <bra>"), an_entry(1, "", redacted=True)], title="T", feed=FEED)
    )
    assert root.findtext("a:id", namespaces=NS) == "tag:safespace.se,2026:feed"
    assert root.findtext("a:updated", namespaces=NS) == "2027-01-12T08:32:00Z"
    assert root.findtext("a:author/a:name", namespaces=NS) == "Safe Space"
    assert [each.attrib for each in root.findall("a:link", NS)] == [
        {"rel": "self", "href": f"{FEED}.atom"}
    ]
    new, emptied = root.findall("a:entry", NS)
    assert new.findtext("a:title", namespaces=NS) == "Tidig varning: Nytt & <bra>"
    assert emptied.findtext("a:title", namespaces=NS) == "Borttaget"
    for number, one in ((2, new), (1, emptied)):
        event_id = f"0190b6c6-0000-7000-9000-00000000000{number}"
        assert one.findtext("a:id", namespaces=NS) == f"urn:uuid:{event_id}"
        assert one.findtext("a:updated", namespaces=NS) == f"2027-01-12T08:3{number}:00Z"
        link = one.find("a:link", NS)
        assert link is not None
        assert (link.get("rel"), link.get("href")) == ("alternate", f"{FEED}/entries/{event_id}")
        assert one.findtext("a:summary", namespaces=NS)


def test_an_empty_feed_is_one_too() -> None:
    """Before anything has happened it has a time all the same."""
    root = ET.fromstring(atom([], title="T", feed=FEED))
    assert root.findtext("a:updated", namespaces=NS) == "2026-01-01T00:00:00Z"
