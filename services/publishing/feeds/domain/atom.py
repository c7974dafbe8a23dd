"""The log for people: Atom (RFC 4287) of the newest entries."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from services.publishing.feeds.domain.entry import Entry

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
# What XML 1.0 §2.2 has not, however it is escaped: one such sign, and no reader reads the feed.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAYS = {
    "occasion-published": "Nytt tillfälle",
    "occasion-changed": "Ändrat tillfälle",
    "occasion-cancelled": "Inställt tillfälle",
    "newsletter-published": "Nytt nyhetsbrev",
    "edition-released": "Ny utgåva",
    "bulletin-published": "Tidig varning",
    "bulletin-withdrawn": "Tidig varning tillbakadragen",
}


def atom(entries: Sequence[Entry], *, title: str, feed: str) -> bytes:
    """The entries, newest first. `feed`: the address of the HTTP feed, absolute."""
    newest = max((one.at for one in entries), default=_BEGAN)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv">',
        "<id>tag:safespace.se,2026:feed</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{_time(newest)}</updated>",
        f'<link rel="self" href={quoteattr(feed + ".atom")}/>',
        "<author><name>Safe Space</name></author>",
        *(_entry(one, feed) for one in entries),
        "</feed>",
    ]
    return "\n".join(parts).encode()


def _entry(one: Entry, feed: str) -> str:
    link = quoteattr(f"{feed}/entries/{one.event_id}")
    says = _heading(one)
    return (
        f"<entry><id>urn:uuid:{_text(one.event_id)}</id><title>{_text(says)}</title>"
        f"<updated>{_time(one.at)}</updated>"
        f'<link rel="alternate" type="application/cloudevents+json" href={link}/>'
        f"<summary>{_text(_summary(one))}</summary></entry>"
    )


def _heading(one: Entry) -> str:
    if one.redacted:
        return "Borttaget"
    name = one.type.split(".")[-2]
    said = _SAYS.get(name, name)
    about = _data(one).get("title") or (_data(one).get("occasion") or {}).get("title")
    return f"{said}: {about}" if about else said


def _summary(one: Entry) -> str:
    if one.redacted:
        return "Innehållet har tagits bort."
    occasion = _data(one).get("occasion") or {}
    known = [occasion.get("starts_at"), occasion.get("room"), *one.places, _data(one).get("text")]
    return " · ".join(dict.fromkeys(str(part) for part in known if part)) or one.type


def _data(one: Entry) -> dict[str, Any]:
    found = json.loads(one.body).get("data")
    return found if isinstance(found, dict) else {}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
