"""What may be asked of an API: a path that is what it looks like, whatever an id in it was."""

from __future__ import annotations

import re

from shared.kernel.refusal import NotFound

_PATH = re.compile(r"(/(?!\.{1,2}(/|\?|$))[\w.~@:+%-]+)+(\?[^/?#]*)?", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9-]{1,100}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


def api_path(path: str) -> str:
    """The same path, if no id in it leads out of it.

    Ids come in addresses and forms. With `..`, `?` or `#` one would make another question of what
    was meant, asked with this person's rights: it is the id of nothing. Raises NotFound.
    """
    if not _PATH.fullmatch(path) or "%2f" in path.partition("?")[0].lower():
        raise NotFound
    return path


def is_plain(part: str) -> bool:
    """Whether it is an id or a name: one part of a path."""
    return _PLAIN.fullmatch(part) is not None


def plain(part: str) -> str:
    """An id or a name out of a form, as one part of a path. Raises NotFound."""
    if not is_plain(part):
        raise NotFound
    return part


def language_tag(part: str) -> str:
    """A language tag (RFC 5646, by its shape) that can stand in a path. Raises NotFound."""
    if not _LANGUAGE.fullmatch(part):
        raise NotFound
    return part
