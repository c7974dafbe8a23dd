"""A letter per recipient: patched bytes that are still one well-formed, signed, readable mail."""

from __future__ import annotations

import contextlib
import quopri
import re
import uuid
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.links import Place, place_of, subscriber_of
from services.publishing.domain.markup import (
    HeadingSkipsALevel,
    ImageWithoutWords,
    LinkSaysNothing,
)
from services.publishing.domain.newsletter import ParagraphTooLong, TooLong
from services.publishing.domain.return_paths import recipient_of
from services.publishing.mailing import header_fields, quoted_printable, slots
from services.publishing.mailing.compiling import Words, compile_variant
from services.publishing.mailing.markdown_parts import parts
from services.publishing.mailing.writing import Reader
from shared.kernel.refusal import Refusal
from tests.unit.publishing.letters import DESK, HOUSE, NOW, RING, SV, reader

VARIANT = compile_variant(SV, HOUSE)
quick = settings(max_examples=30, deadline=None)
texts = st.text(max_size=120) | st.text(st.sampled_from('ab .=_\tFrom\nå🎉,"<>'), max_size=200)


def read(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def written(one: Reader, words: Words = SV) -> bytes:
    variant = VARIANT if words is SV else compile_variant(words, HOUSE)
    return DESK.letters(variant, [one], NOW)[0].content


def well_formed(content: bytes) -> None:
    """What holds of every letter, whoever it is to."""
    assert content.isascii()
    assert content.endswith(b"--\r\n")
    head, body = content.split(b"\r\n\r\n", 1)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert not re.search(rb"(^|\r\n)(\.|From )", content)
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, head.split(b"\r\n"))) <= 998
    # RFC 6376 §3.4.4: nothing that the relaxed form would take away.
    assert not re.search(rb"[ \t]{2}|[ \t]\r\n|\t|\r\n\r\n$", body)


@quick
@given(texts)
def test_quoted_printable_comes_back(text: str) -> None:
    """Any text is read back as it was, by an independent reader."""
    text = text.encode("utf-8", "replace").decode()
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    found = quopri.decodestring(quoted_printable.lines(text)).replace(b"\r\n", b"\n")
    assert found.decode() == clean
    one_line = re.sub("[\r\n]", " ", text)
    assert quopri.decodestring(quoted_printable.value(text)).decode() == one_line


@quick
@given(texts, texts)
def test_header_fields_come_back(display: str, subject: str) -> None:
    """Any name and subject fold into short lines, and can begin no field of their own."""
    for field, said in (
        (header_fields.mailbox_field("To", display, "a@example.org"), display),
        (header_fields.text_field("Subject", subject), subject),
    ):
        assert re.fullmatch(rb"(To|Subject): [^\r\n]*\r\n( [^\r\n]+\r\n)*", field)
        assert max(map(len, field.split(b"\r\n"))) <= 76
        value = field.partition(b": ")[2].decode().replace("\r\n", "").strip()
        value = value.removesuffix("<a@example.org>").removesuffix("a@example.org").strip()
        plain = header_fields.one_line(said.encode("utf-8", "replace").decode())
        decoded = str(make_header(decode_header(value)))
        assert re.sub(r'\\(.)|^"|"$', r"\1", decoded) == plain or decoded == plain


@quick
@given(texts.map(lambda text: text.replace("\r", "")), st.integers(0, 10**6))
def test_every_letter_is_well_formed(name: str, number: int) -> None:
    """Whatever somebody is called, their letter is one mail with both parts and their own links."""
    content = written(reader(number, name))
    well_formed(content)
    mail = read(content)
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert not mail.defects
    [text, html] = [part.get_content() for part in mail.iter_parts()]  # type: ignore[attr-defined]
    shown = header_fields.one_line(name.encode("utf-8", "replace").decode())
    assert f"Hej {shown or 'vän'}!" in text
    assert "<script" not in html
    links = re.findall(r"https://exempel\.se/([up])/([\w-]+)", text)
    whose = uuid.UUID(bytes=reader(number).subscriber)
    assert [place_of(RING, token) for kind, token in links if kind == "u"] == [
        Place(whose, HOUSE.list_key)
    ]
    assert [subscriber_of(RING, token) for kind, token in links if kind == "p"] == [whose]
    assert set(links) == set(re.findall(r"https://exempel\.se/([up])/([\w-]+)", html))


def test_a_letter_says_what_it_should() -> None:
    """Subject, both parts, language and direction, one-click fields, an own bounce address."""
    [letter] = DESK.letters(VARIANT, [reader(1)], NOW)
    mail = read(letter.content)
    assert mail["Subject"] == SV.subject
    assert str(mail["To"]) == "Åsa Öberg <asa.1@example.org>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://exempel.se/u/")
    row = uuid.UUID(bytes=reader(1).id)
    assert recipient_of(RING, letter.sender) == row
    assert mail["Message-ID"] == f"<{row}@exempel.se>"
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="sv" dir="ltr">' in html
    assert "<h1>Hej Åsa Öberg!</h1>" in html
    nobody = read(written(reader(2, name="")))
    assert "Hej vän!" in nobody.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_letter_to_right_to_left_readers() -> None:
    """An Arabic letter is set from right to left; its foot says its own language."""
    html = read(written(reader(1), Words("ar", "مرحبا", "# مرحبا {{name}}\n"))).get_body(("html",))
    page = html.get_content()  # type: ignore[union-attr]
    assert '<html lang="ar" dir="rtl">' in page
    assert '<footer lang="en" dir="ltr">' in page


def test_mail_loads_nothing_from_anywhere() -> None:
    """No image, no style sheet, no rewritten link: nobody learns who opened a letter."""
    source = "![En fika](https://x.example/a.png)\n\n[![Logga](https://x.example/b.png)](https://x.example/)"
    html, text = parts(source + "\n\n<img src='https://x.example/c.png'>\n")
    assert html.count("<a ") == 2
    assert not re.search(r"<(img|link|script|iframe|object)|<[^>]*\bsrc=|url\(|@import", html)
    assert "En fika (https://x.example/a.png)" in text


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("![](https://x.example/a.png)", ImageWithoutWords),
        ("[](https://x.example/)", LinkSaysNothing),
        ("[här](/sida)", LinkSaysNothing),
        ("[här](http://x.example/)", LinkSaysNothing),
        ("# Ett\n\n### Tre", HeadingSkipsALevel),
        ("x" * 100_001, TooLong),
        ("x" * 10_001, ParagraphTooLong),
        ("Hej {{nmae}}", slots.NoSuchSlot),
        ("Hej {{unsubscribe}}", slots.NoSuchSlot),
        ("Hej {{name", slots.NoSuchSlot),
        ("Hej {{name|a*b}} c*", slots.NoSuchSlot),
        ("Hej &#123;&#123;unsubscribe&#125;&#125;", slots.NoSuchSlot),
    ],
)
def test_what_would_shut_somebody_out_is_refused(source: str, refusal: type[Refusal]) -> None:
    """Images without words, links without sense, skipped headings and unknown places."""
    with pytest.raises(refusal) as refused:
        compile_variant(Words("sv", "x", source), HOUSE)
    assert refused.value.says("sv") != refused.value.says("en")


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from("# *_[]()!-\n\t>`|<&åa1.:/\\"), max_size=120))
def test_any_markdown_becomes_a_letter_or_a_refusal(source: str) -> None:
    """Whatever an editor types, the letter is well-formed, or they are told what to mend."""
    with contextlib.suppress(Refusal):
        well_formed(written(reader(1), Words("sv", source, source)))


def test_the_same_words_give_the_same_bytes() -> None:
    """Compiling again, on any machine, changes nothing: a letter written twice is the same."""
    assert written(reader(1)) == written(reader(1))
    assert written(reader(1)) != written(reader(2))


@quick
@given(st.text(max_size=40) | st.text(st.sampled_from("a .F=å\t"), max_size=40))
def test_the_short_way_to_write_a_line_writes_the_same(text: str) -> None:
    """What nearly every name goes through gives the bytes of the long way, or leaves it to that."""
    octets = text.encode("utf-8", "replace")
    assert quoted_printable._short(octets) in (None, quoted_printable._rows(octets))
