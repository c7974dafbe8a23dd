"""Images leave the house bare: nothing of the camera, the place or what was cut away."""

from __future__ import annotations

import contextlib
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import images
from services.publishing.domain.images import ImageTooLarge, NotAnImage, image


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    *more: bytes, width: int = 1, height: int = 1, packed: bytes | None = None, **other: int
) -> bytes:
    """Grey, whole, and as large as it says, unless it is told otherwise."""
    says = {"depth": 8, "colour": 0, "interlaced": 0, **other}
    shape = (width, height, says["depth"], says["colour"], 0, 0, says["interlaced"])
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *shape))
    lines = zlib.compress((b"\0" + b"\x80" * min(width, 9_000)) * min(height, 10))
    pixels = chunk(b"IDAT", lines if packed is None else packed)
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def exif(turned: int, secret: bytes, order: str = ">") -> bytes:
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entries = [(0x010F, 2, 4, 0), (0x0112, 3, 1, turned << 16 if order == ">" else turned)]
    body = struct.pack(f"{order}IH", 8, len(entries))
    body += b"".join(struct.pack(f"{order}HHII", *each) for each in entries) + b"\0" * 4
    return segment(0xE1, b"Exif\0\0" + mark + body + secret)


JFIF = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01" + b"thumbnail"[:3])
FRAME = segment(0xC0, b"\x08\0\x02\0\x03\x01\x01\x11\0")
SCANS = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"


def jpeg(*more: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(more) + FRAME + SCANS + b"\xff\xd9"


def test_a_photograph_does_not_say_where_it_was_taken() -> None:
    """Place, camera, comments, smaller copies and what hangs on behind are gone."""
    secret = b"55.6050 N 13.0038 E"
    sent = jpeg(JFIF, exif(1, secret), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + secret),
                segment(0xED, secret), segment(0xFE, secret))  # fmt: skip
    kept = image(sent + b"\xff\xd8" + secret + b"\xff\xd9")
    assert secret not in kept.content
    assert b"thu" not in kept.content
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 3, 2)
    assert kept.content.endswith(FRAME + SCANS + b"\xff\xd9")
    texts = [chunk(name, b"Comment\0" + secret) for name in (b"tEXt", b"zTXt", b"iTXt", b"eXIf")]
    bare = image(png(*texts, chunk(b"tIME", b"\x07\xea\x01\x01\0\0\0")) + secret)
    assert bare.content == png()
    assert (bare.media_type, bare.width, bare.height) == ("image/png", 1, 1)


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("order", [">", "<"])
def test_a_photograph_is_still_the_right_way_up(turned: int, order: str) -> None:
    """Which way up it was held is all that is kept of the camera's note."""
    kept = image(jpeg(exif(turned, b"x" * 40, order)))
    assert (exif_of(kept.content) or 1) == turned
    assert image(kept.content) == kept


def exif_of(content: bytes) -> int | None:
    at = content.find(b"Exif\0\0MM\0*")
    return None if at < 0 else content[at + 6 + 8 + 2 + 9]


def test_the_same_image_is_one() -> None:
    """Sent twice, with another comment: one image with one address."""
    assert image(png()).id == image(png(chunk(b"tEXt", b"a\0b"))).id != image(png(width=2)).id


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg onload=alert(1)>",
        png()[:-1],
        png()[:40],
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        jpeg()[:-1],
        jpeg()[:12],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + SCANS,
        b"\xff\xd8\xff" + b"\xff" * 50,
        jpeg(FRAME),
        png(chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))),
        png(packed=b""),
        png(packed=zlib.compress(b"\0\x80")[:-3]),
        png(packed=zlib.compress(b"\0\x80" * 2)),
        png(packed=zlib.compress(b"\0" * 50_000_000)),
        png(height=2, packed=zlib.compress(b"\0\x80")),
        png(colour=9),
        png(interlaced=2),
    ],
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    """Half an image, another format, or something that runs."""
    with pytest.raises(NotAnImage):
        image(content)


@pytest.mark.parametrize(
    "content",
    [
        png(width=8001),
        png(height=0),
        png(width=50_000, height=50_000),
        png(width=6_000, height=6_000),
        jpeg().replace(
            FRAME, segment(0xC2, b"\x08" + struct.pack(">HH", 50_000, 50_000) + b"\x01")
        ),
        png(chunk(b"tEXt", b"a" * images.LARGEST)),
    ],
)
def test_images_have_a_size(content: bytes) -> None:
    """A bomb of pixels is no illustration."""
    with pytest.raises(ImageTooLarge):
        image(content)


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ({"width": 9, "height": 9, "depth": 1}, 9 * 3),
        ({"width": 5, "height": 3, "depth": 16, "colour": 6}, 3 * 41),
        # Passes of 8 × 8 pixels: 1, 1, 2 × 1, 2 × 2, 4 × 2, 4 × 4, 8 × 4 with a filter a line.
        ({"width": 8, "height": 8, "interlaced": 1}, 2 + 2 + 3 + 6 + 10 + 20 + 36),
        ({"width": 1, "height": 1, "interlaced": 1, "colour": 2}, 4),
    ],
)
def test_every_kind_of_png_is_as_large_as_it_says(shape: dict[str, int], size: int) -> None:
    """Neither a byte more nor less than its lines have room for."""
    whole = png(**shape, packed=zlib.compress(bytes(size)))
    assert image(whole).content == whole
    for wrong in (size - 1, size + 1):
        with pytest.raises(NotAnImage):
            image(png(**shape, packed=zlib.compress(bytes(wrong))))


def test_nothing_moves_and_nothing_hangs_on_behind() -> None:
    """Frames of an animation are dropped, and so is another file in the same bytes."""
    moving = png(chunk(b"acTL", bytes(8)), chunk(b"fcTL", bytes(26)), chunk(b"fdAT", bytes(9)))
    for polyglot in (moving, png() + b"PK\x03\x04<script>alert(1)</script>", png(
        chunk(b"tEXt", b"a\0<script>alert(1)</script>"), chunk(b"prVt", b"<svg/>")
    )):  # fmt: skip
        assert image(polyglot).content == png()
    page = b"<html><script>alert(1)</script>"
    assert page not in image(jpeg(segment(0xFE, page), segment(0xE5, page)) + page).content


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([png(), jpeg(JFIF, exif(6, b"x"))]), st.data())
def test_broken_files_are_read_or_refused(content: bytes, data: st.DataObject) -> None:
    """Whatever a file holds: an image that reads the same again, or a refusal; never an error."""
    at = data.draw(st.integers(0, len(content)))
    until = data.draw(st.integers(at, len(content)))
    broken = content[:at] + data.draw(st.binary(max_size=12)) + content[until:]
    with contextlib.suppress(NotAnImage, ImageTooLarge):
        kept = image(broken)
        assert image(kept.content) == kept
