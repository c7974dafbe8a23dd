"""The phone shows what arrived and answers as its owner would; mails are shown beside it."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest

from tests.integration.sinks.conftest import OURS, THEIRS, Receiver, Sink
from tests.support.eventually import eventually

Letter = dict[str, str]


async def test_an_answer_reaches_the_service(
    sink: Sink, elks: httpx.AsyncClient, letter: Letter, receiver: Receiver
) -> None:
    """An answer is posted as 46elks posts it, to the number that the person heard from."""
    await elks.post("/a1/sms", data=letter)
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as person:
        answered = await person.post("/phone/reply", json={"from": THEIRS, "message": "Ja, åäö"})
    assert answered.json()["taken"] is True
    (told,) = receiver.got
    assert (
        told.items()
        >= {
            "from": THEIRS,
            "to": OURS,
            "message": "Ja, åäö",
            "direction": "incoming",
        }.items()
    )
    assert {"id", "created"} <= told.keys()


async def test_a_text_in_the_answer_goes_to_the_person(
    sink: Sink, elks: httpx.AsyncClient, receiver: Receiver
) -> None:
    """Whatever the service answers with is sent as an SMS, as 46elks does; 204 sends nothing."""
    receiver.answers = [(200, "Tack!")]
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as person:
        for text in ("JA", "NEJ"):
            await person.post("/phone/reply", data={"from": THEIRS, "message": text})
        messages = (await person.get("/phone/messages")).json()
    assert [message["message"] for message in messages] == ["Tack!"]
    directions = [sms["direction"] for sms in (await elks.get("/a1/sms")).json()["data"]]
    assert directions == ["incoming", "outgoing-reply", "incoming"]


async def test_an_answer_that_nobody_takes_comes_again(sink: Sink, receiver: Receiver) -> None:
    """When the service is away the answer is delivered later."""
    receiver.answers = [(503, "")]
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as person:
        first = await person.post("/phone/reply", json={"from": THEIRS, "message": "JA"})
    assert first.json()["taken"] is False
    await eventually(lambda: len(receiver.got) == 2)
    assert receiver.got[0] == receiver.got[1]


async def test_everything_survives_a_restart(
    sink: Sink, elks: httpx.AsyncClient, letter: Letter
) -> None:
    """What the phone showed before a restart it shows after, newest first."""
    for text in ("ett", "två"):
        await elks.post("/a1/sms", data=letter | {"message": text})
    before = (await elks.get("/phone/messages")).json()
    await sink.stop()
    await sink.start()
    assert (await elks.get("/phone/messages")).json() == before
    assert [message["message"] for message in before] == ["två", "ett"]
    assert before[0].keys() == {"to", "from", "message", "created"}


async def test_the_page_shows_and_answers(
    sink: Sink, elks: httpx.AsyncClient, letter: Letter, receiver: Receiver
) -> None:
    """The page holds the conversation with its letters intact, escaped, and its form answers."""
    await elks.post("/a1/sms", data=letter | {"message": "Räksmörgås <script>ont</script>"})
    headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(base_url=sink.url, timeout=30, follow_redirects=True) as person:
        page = await person.get("/phone")
        answered = await person.post(
            "/phone/reply", content="from=%2B46701740684&message=JA+7", headers=headers
        )
    assert "Räksmörgås &lt;script&gt;" in page.text
    assert "JA 7" in answered.text
    assert receiver.got[0]["message"] == "JA 7"


async def test_mail_arrives_with_its_attachment(sink: Sink) -> None:
    """A mail is kept with subject, text and calendar file, and the file can be fetched."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "bokning@safespace.example", "åsa@skola.example"
    mail["Subject"] = "Er plats är bokad – Källkritik"
    mail.set_content("Hej Åsa!\n")
    calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    mail.add_attachment(calendar.encode(), "text", "calendar", filename="bokning.ics")
    await aiosmtplib.send(
        mail,
        recipients=["asa@skola.example"],
        hostname="127.0.0.1",
        port=sink.smtp_port,
        start_tls=False,
    )
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as person:
        (kept,) = (await person.get("/mail/messages", params={"to": "asa@skola.example"})).json()
        file = await person.get(f"/mail/{kept['id']}/attachments/0")
        page = await person.get(f"/mail/{kept['id']}")
    assert kept["subject"] == "Er plats är bokad – Källkritik"
    assert "Hej Åsa!" in kept["text"]
    assert file.text == calendar
    assert file.headers["content-type"].startswith("text/calendar")
    assert "Källkritik" in page.text


async def test_mail_may_come_in_one_go(sink: Sink) -> None:
    """The mailers want PIPELINING (RFC 2920): it is offered, and commands are answered in turn."""
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.smtp_port)
    await reader.readline()
    writer.write(b"EHLO [127.0.0.1]\r\n")
    offered = [await reader.readline()]
    while not offered[-1].startswith(b"250 "):
        offered.append(await reader.readline())
    assert b"250-PIPELINING\r\n" in offered
    begun = b"MAIL FROM:<a@x.example>\r\nRCPT TO:<kim.in.one.go@x.example>\r\nDATA\r\n"
    writer.write(begun)
    said = [await reader.readline() for _ in range(3)]
    writer.write(b"Subject: 1\r\n\r\nEtt\r\n.\r\n" + begun)
    said += [await reader.readline() for _ in range(4)]
    assert [line[:3] for line in said] == [b"250", b"250", b"354", b"250", b"250", b"250", b"354"]
    writer.write(b"Subject: 2\r\n\r\nTwo\r\n.\r\nQUIT\r\n")
    assert [(await reader.readline())[:3] for _ in range(2)] == [b"250", b"221"]
    writer.close()
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as person:
        wanted = {"to": "kim.in.one.go@x.example"}
        kept = (await person.get("/mail/messages", params=wanted)).json()
    assert [each["subject"] for each in kept] == ["2", "1"]


async def test_mail_can_be_put_off(sink: Sink) -> None:
    """`mail_errors` puts the next mail off with a temporary error."""
    await sink.behave(mail_errors=1)
    mail = EmailMessage()
    mail["From"], mail["To"] = "a@example.org", "b@example.org"
    mail.set_content("x")
    with pytest.raises(aiosmtplib.SMTPDataError):
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=sink.smtp_port, start_tls=False)


async def test_only_this_machine_is_answered(sink: Sink) -> None:
    """A page elsewhere that names a host of its own is turned away."""
    async with httpx.AsyncClient(base_url=sink.url, timeout=30) as client:
        answer = await client.get("/phone/messages", headers={"Host": "phones.example.org"})
    assert answer.status_code == 400
