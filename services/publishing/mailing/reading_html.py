"""Looking at HTML that is about to go out, as a mail program or a screen reader would take it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

_LOADS = frozenset(
    {"audio", "base", "embed", "form", "frame", "iframe", "img", "input", "link", "object"}
    | {"picture", "script", "source", "svg", "track", "video"}
)
"""Elements that fetch something, or send something somewhere, when a page is opened."""
_FETCHING = frozenset({"action", "background", "data", "poster", "src", "srcset"})
_STYLE_FETCHES = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)
_WITHOUT_END = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass
class Seen:
    """What was found: links in order, what would be loaded from elsewhere, and what is missing."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.level = 0
        self.words: dict[str, str] = {}
        self.html: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        if tag in _LOADS or said.keys() & _FETCHING or any(name.startswith("on") for name in said):
            self.seen.loads.append(tag)
        if _STYLE_FETCHES.search(said.get("style") or ""):
            self.seen.loads.append(tag)
        if tag == "html":
            self.html = said
        elif tag == "a":
            self.seen.links.append(said.get("href") or "")
            self.words["a"] = ""
        elif tag == "th" and not said.get("scope"):
            self.seen.missing.append("scope")
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading(int(tag[1]))
        if tag not in _WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and not self.words.get("a", "").strip():
            self.seen.missing.append("words of a link")
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self.open and _STYLE_FETCHES.search(data):
            self.seen.loads.append("style")
        for name in ("a", "title"):
            if name in self.open:
                self.words[name] = self.words.get(name, "") + data

    def _heading(self, level: int) -> None:
        if self.level and level > self.level + 1:
            self.seen.missing.append("level of a heading")
        self.level = level


def look_at(html: str) -> Seen:
    """Read a whole page: links, what it would load, and what a reader would miss in it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    missing = reader.seen.missing
    for name in ("lang", "dir"):
        if not reader.html.get(name):
            missing.append(name)
    if not reader.words.get("title", "").strip():
        missing.append("title")
    if reader.tags.count("main") != 1:
        missing.append("main")
    return reader.seen


def stays_here(html: str, own_links: Sequence[str]) -> bool:
    """Nothing is loaded when it is opened, and every link is one of those that were written."""
    seen = look_at(html)
    return not seen.loads and set(seen.links) <= set(own_links)
