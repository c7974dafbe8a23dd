"""Header fields: encoded words (RFC 2047) and folding (RFC 5322 §2.2.3), and their signed form."""

from __future__ import annotations

import base64
import re

LONGEST = 76
"""Of a line that holds an encoded word (RFC 2047 §2)."""
_WRAPPING = len("=?utf-8?b??=")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_BLANKS = re.compile(rb"[ \t]+")


def text_field(name: str, text: str) -> bytes:
    """A field of free text, as `Subject`; ends with CRLF."""
    said = one_line(text)
    if _plain(said) and len(name) + 2 + len(said) <= LONGEST:
        return f"{name}: {said}\r\n".encode("ascii")
    return f"{name}: {_words(said, len(name) + 2)}\r\n".encode("ascii")


def mailbox_field(name: str, display: str, address: str) -> bytes:
    """A field with one mailbox, as `To`; ends with CRLF. The address is checked already."""
    return f"{name}: {_mailbox(one_line(display), address, len(name) + 2)}\r\n".encode("ascii")


def one_line(text: str) -> str:
    """Without line ends, controls and double blanks: nobody's name may begin another field."""
    if text.isprintable() and "  " not in text and text.strip(" ") == text:
        return text  # Nearly every name: the only blank that counts as printable is U+0020.
    return " ".join(_CONTROLS.sub(" ", text).split())


def relaxed(field: bytes) -> bytes:
    """The field as DKIM signs it (RFC 6376 §3.4.2): unfolded, blanks single, ends with CRLF."""
    name, _, rest = field.partition(b":")
    said = _BLANKS.sub(b" ", rest.replace(b"\r\n", b"")).strip(b" ")
    return name.rstrip(b" \t").lower() + b":" + said + b"\r\n"


def own_relaxed(field: bytes) -> bytes:
    """`relaxed` of a field that was made here: its name has no blank, and its folds are single."""
    if b"  " in field or b"\t" in field:
        return relaxed(field)
    name, _, rest = field.partition(b": ")
    return name.lower() + b":" + rest.replace(b"\r\n ", b" ")


def _mailbox(display: str, address: str, used: int) -> str:
    if not display:
        return address
    if _plain(display) and used + len(display) + len(address) + 5 <= LONGEST:
        atoms = _ATOMS.fullmatch(display)
        return f"{display if atoms else _quoted(display)} <{address}>"
    said = _words(display, used)
    last = len(said.rpartition("\n")[2]) + (0 if "\n" in said else used)
    between = " " if last + len(address) + 3 <= LONGEST else "\r\n "
    return f"{said}{between}<{address}>"


def _quoted(display: str) -> str:
    escaped = display.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(text: str) -> bool:
    """Whether it can stand as it is: printable, and not mistaken for an encoded word."""
    return bool(_PRINTABLE.fullmatch(text)) and "=?" not in text


def _words(text: str, used: int) -> str:
    """Encoded words, one a line, each a whole number of characters."""
    words: list[str] = []
    held = b""
    room = _room(used)
    whole = text.encode("utf-8", "replace")
    if len(whole) <= room:
        return _word(whole)
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(held) + len(octets) > room:
            words.append(_word(held))
            held, room = b"", _room(1)
        held += octets
    words.append(_word(held))
    return "\r\n ".join(words)


def _room(used: int) -> int:
    """How many bytes fit into an encoded word on a line where so much is used."""
    return max(4, min(75, LONGEST - used) - _WRAPPING) // 4 * 3


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode('ascii')}?="
