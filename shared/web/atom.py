"""Atom feeds (RFC 4287): made as bytes, the same bytes for the same entries. Pure.

Ids are tag URIs (RFC 4151): they say who minted them and when, and no address is in them, so that
an entry stays the same entry wherever the site moves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/atom+xml"
# XML 1.0 §2.2: other characters cannot stand in a document, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """`html` is the content as it is read; `link` the page where it stands."""

    id: str
    title: str
    published: datetime
    updated: datetime
    link: str
    html: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest entry first. `here` is the feed's own address, `page` that of people's page."""

    id: str
    title: str
    author: str
    language: str
    updated: datetime
    here: str
    page: str
    entries: Sequence[Entry] = ()


def tag(authority: str, begun: str, *path: str) -> str:
    """`tag:safespace.example,2026:newsletters/…`; `begun` is a day on which it was ours."""
    return f"tag:{authority},{begun}:{'/'.join(path)}"


def atom(feed: Feed) -> bytes:
    """The document, in UTF-8."""
    rows = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>',
        _element("id", feed.id),
        _element("title", feed.title),
        _element("updated", moment(feed.updated)),
        f"<author>{_element('name', feed.author)}</author>",
        f'<link rel="self" type="{MEDIA_TYPE}" href={quoteattr(feed.here)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(feed.page)}/>',
        *(_entry(each) for each in feed.entries),
        "</feed>",
        "",
    ]
    return "\n".join(rows).encode("utf-8", "replace")


def moment(at: datetime) -> str:
    """RFC 3339, in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(entry: Entry) -> str:
    return "\n".join(
        [
            "<entry>",
            _element("id", entry.id),
            _element("title", entry.title),
            _element("published", moment(entry.published)),
            _element("updated", moment(entry.updated)),
            f'<link rel="alternate" type="text/html" href={quoteattr(entry.link)}/>',
            f'<content type="html">{_text(entry.html)}</content>',
            "</entry>",
        ]
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
