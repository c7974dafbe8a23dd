"""Images for newsletters: known by their content, and bare of what a camera wrote into them.

A photograph can hold the place where it was taken, the camera's number and a smaller copy of what
was cut away. None of that leaves the house: only what is needed to show the image is kept.
PNG (ISO/IEC 15948) and JPEG (ITU-T T.81); of a JPEG's orientation a new, bare note is made. What
moves stands still, as nobody could stop it (WCAG 2.2.2).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.kernel.refusal import Refusal

MediaType = Literal["image/png", "image/jpeg"]
LARGEST = 2 * 1024 * 1024
WIDEST = 8000
MOST_PIXELS = 25_000_000
"""Whoever shows it needs four bytes of memory for each, however few the file has."""
_PNG = b"\x89PNG\r\n\x1a\n"
_SHOWN_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"}
)
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
    (0, 1, 1, 2),
)  # fmt: skip
"""Of each pass: the first column and line, and the steps to the next."""
_PIECE = 64 * 1024
_STANDALONE = frozenset({0x01, 0xFF, *range(0xD0, 0xD9)})
_END, _SCAN = 0xD9, 0xDA
_NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EXIF, _ADOBE, _JFIF, _COMMENT = 0xE1, 0xEE, 0xE0, 0xFE
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class NotAnImage(Refusal):
    """It is no PNG or JPEG, or it is broken."""

    kind = "not-an-image"
    sv = "Filen är inte en hel PNG- eller JPEG-bild."
    en = "The file is not a whole PNG or JPEG image."


class ImageTooLarge(Refusal):
    """Who reads it may pay for every megabyte."""

    kind = "image-too-large"
    sv = (
        "Bilden får vara högst {mib} MiB, {pixels} bildpunkter bred och hög, och "
        "{million} miljoner bildpunkter i allt."
    )
    en = (
        "The image may be at most {mib} MiB, {pixels} pixels wide and high, and "
        "{million} million pixels in all."
    )


@dataclass(frozen=True, slots=True)
class Image:
    """`id` is that of the content: the same image sent twice is one."""

    id: str
    media_type: MediaType
    width: int
    height: int
    content: bytes


def image(content: bytes) -> Image:
    """Read an image, without what does not belong in it.

    Raises:
        NotAnImage, ImageTooLarge.
    """
    if len(content) > LARGEST:
        raise _too_large()
    try:
        media_type, bare, width, height = _bare(content)
    except (IndexError, ValueError):
        raise NotAnImage from None
    return Image(hashlib.sha256(bare).hexdigest()[:32], media_type, width, height, bare)


def _too_large() -> ImageTooLarge:
    return ImageTooLarge(
        mib=LARGEST // 1024 // 1024, pixels=WIDEST, million=MOST_PIXELS // 1_000_000
    )


def _sized(width: int, height: int) -> tuple[int, int]:
    """What a file says of itself, before anybody makes room for it."""
    if not (0 < width <= WIDEST and 0 < height <= WIDEST) or width * height > MOST_PIXELS:
        raise _too_large()
    return width, height


def _bare(content: bytes) -> tuple[MediaType, bytes, int, int]:
    if content.startswith(_PNG):
        return ("image/png", *_bare_png(content))
    if content.startswith(b"\xff\xd8\xff"):
        return ("image/jpeg", *_bare_jpeg(content))
    raise NotAnImage


def _bare_png(content: bytes) -> tuple[bytes, int, int]:
    kept = [_PNG]
    names: list[bytes] = []
    packed: list[bytes] = []
    at = len(_PNG)
    while not names or names[-1] != b"IEND":
        length = int.from_bytes(content[at : at + 4], "big")
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise NotAnImage
        names.append(name)
        if name in _SHOWN_CHUNKS:
            kept.append(content[at:end])
        if name == b"IDAT":
            packed.append(content[at + 8 : end - 4])
        at = end
    if names[0] != b"IHDR" or names.count(b"IHDR") != 1:
        raise NotAnImage
    header = content[16:29]
    width, height = _sized(int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big"))
    if not _holds(packed, _unpacked(width, height, header[8], header[9], header[12])):
        raise NotAnImage
    return b"".join(kept), width, height


def _unpacked(width: int, height: int, depth: int, colour: int, interlaced: int) -> int:
    """Bytes of its lines, each with the kind of its filter (ISO/IEC 15948, 7 and 9)."""
    bits = depth * _CHANNELS.get(colour, 0)
    if not bits or interlaced > 1:
        raise NotAnImage
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    size = 0
    for left, top, across, down in passes:
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0:
            size += max(0, lines) * (1 + -(-columns * bits // 8))
    return size


def _holds(packed: Sequence[bytes], size: int) -> bool:
    """Whether it unpacks to exactly so much; looked at in pieces, and no further than that."""
    unpacking, seen = zlib.decompressobj(), 0
    try:
        for part in packed:
            rest = part
            while rest and seen <= size:
                seen += len(unpacking.decompress(rest, _PIECE))
                rest = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return seen == size and unpacking.eof


def _bare_jpeg(content: bytes) -> tuple[bytes, int, int]:
    kept, size = [b"\xff\xd8"], None
    turned = 1
    for marker, segment in _segments(content):
        if marker == _EXIF:
            turned = _orientation(segment) or turned
        elif marker in _FRAMES:
            if size is not None:
                raise NotAnImage  # Who shows it might go by either.
            size = _sized(int.from_bytes(segment[7:9], "big"), int.from_bytes(segment[5:7], "big"))
        if marker not in range(0xE0, 0xF0) and marker != _COMMENT:
            kept.append(segment)
        elif marker in (_JFIF, _ADOBE):
            kept.append(_without_thumbnail(marker, segment))
    if size is None:
        raise NotAnImage
    if turned != 1:
        kept.insert(1, _orientation_note(turned))
    return b"".join(kept), size[0], size[1]


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every segment after the first mark, to the end of the image: what follows is none of it."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise NotAnImage
        marker = content[at + 1]
        if marker == _END:
            yield marker, content[at : at + 2]
            return
        if marker in _STANDALONE or marker == 0:
            raise NotAnImage
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == _SCAN:
            # Coded data follows; no mark but a restart stands in it.
            after = _NEXT_MARK.search(content, end)
            end = after.start() if after else len(content)
        if end >= len(content):
            raise NotAnImage
        yield marker, content[at:end]
        at = end


def _without_thumbnail(marker: int, segment: bytes) -> bytes:
    """JFIF's own note, which may hold a smaller copy; its extension (JFXX) is only that."""
    if marker == _ADOBE:
        return segment if segment[4:9] == b"Adobe" else b""
    if segment[4:9] != b"JFIF\0":
        return b""
    return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"


def _orientation(segment: bytes) -> int | None:
    """Which way up (EXIF tag 0x0112), 1–8, or None."""
    if segment[4:10] != b"Exif\0\0":
        return None
    tiff = segment[10:]
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    first = number(4, 4)
    for entry in range(min(number(first, 2), 64)):
        at = first + 2 + 12 * entry
        if number(at, 2) == 0x0112:
            found = number(at + 8, 2)
            return found if 1 <= found <= 8 else None
    return None


def _orientation_note(turned: int) -> bytes:
    tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([turned]) + b"\0\0" * 3
    return b"\xff\xe1" + (len(tiff) + 8).to_bytes(2, "big") + b"Exif\0\0" + tiff
