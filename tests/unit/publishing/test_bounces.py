"""Bounces: whose, how grave, and when an address is given up."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import bounce_score, reports
from services.publishing.domain.bounce_score import Score
from services.publishing.domain.reports import Complaint, Reported
from services.publishing.domain.return_paths import recipient_of, return_path
from services.publishing.domain.smtp_replies import Code, code_of, kind_of
from services.publishing.domain.stamps import Keyring

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
RING = Keyring("b", {"a": b"old" * 20, "b": b"new" * 20})
kinds = st.sampled_from(["hard", "soft", "policy"])

DSN = b"""From: MAILER-DAEMON@mail.example
To: b-x@bounce.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"

--=_1
Content-Type: text/plain

I could not deliver it.
--=_1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Mon, 11 Jan 2027 09:00:00 +0000

Final-Recipient: rfc822; asa@example.net
Original-Recipient: rfc822; asa@example.org
Action: %(action)s
Status: %(status)s
Diagnostic-Code: smtp; %(said)s

--=_1
Content-Type: message/rfc822

List-Unsubscribe: <https://example.org/u/token>
Subject: hej

text
--=_1--
"""


def dsn(action: bytes, status: bytes, said: bytes) -> bytes:
    return DSN % {b"action": action, b"status": status, b"said": said}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (dsn(b"failed", b"5.1.1", b"550 5.1.1 no such user"), ("failed", "550 5.1.1", "hard")),
        (dsn(b"Failed", b"5.2.2 (full)", b"552 full"), ("failed", "552 5.2.2", "soft")),
        (dsn(b"failed", b"5.7.26", b"550-5.7.26 no"), ("failed", "550 5.7.26", "policy")),
        (dsn(b"failed", b"4.4.7", b"expired"), ("failed", "450 4.4.7", "soft")),
        (dsn(b"delayed", b"4.4.1", b"451 later"), ("delayed", "451 4.4.1", None)),
        (dsn(b"delivered", b"2.1.5", b"250 ok"), ("delivered", "250 2.1.5", None)),
    ],
)
def test_reports_are_read(raw: bytes, found: tuple[str, str, str]) -> None:
    """Action and codes of each recipient; a delay or a delivery is no failure."""
    for text in (raw, raw.replace(b"\n", b"\r\n")):
        read = reports.read(text)
        assert isinstance(read, tuple)
        [one] = read
        assert (one.action, str(one.code), one.kind) == found


def test_a_complaint_names_the_link_of_the_mail_it_is_about() -> None:
    """A feedback report (RFC 5965) leads to the subscription through our own link."""
    raw = dsn(b"failed", b"5.0.0", b"").replace(
        b"message/delivery-status", b"message/feedback-report"
    )
    assert reports.read(raw) == Complaint("https://example.org/u/token")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: Out of office\n\nStatus: 5.1.1\nAction: failed\n",
        dsn(b"failed", b"nonsense", b""),
        dsn(b"exploded", b"5.1.1", b""),
        DSN.replace(b"multipart/report; report-type=delivery-status", b"multipart/mixed"),
        dsn(b"failed", b"5.1.1", b"x" * reports.LARGEST),
    ],
)
def test_what_is_no_report_is_none(raw: bytes) -> None:
    """An absence note, a report in pieces and a monster change nothing."""
    assert reports.read(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/report; boundary=x\n\n--x\n"
        + b"Content-Type: message/rfc822\n\n" * 5000,
        b"".join(
            b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (at, at)
            for at in range(1500)
        ),
        b'Content-Type: multipart/report; a="'
        + b";" * 2000
        + b'"; boundary="=_1"'
        + dsn(b"failed", b"5.1.1", b"no").partition(b'boundary="=_1"')[2],
    ],
    ids=["mails in mails", "parts in parts", "a field without end"],
)
def test_a_mail_without_end_is_no_report(raw: bytes) -> None:
    """What would exhaust the reader, or keep it at work for minutes, is not read to its end."""
    assert len(raw) < reports.LARGEST
    assert reports.read(raw) is None
    assert reports.sent_to(raw) in ((), ("b-x@bounce.example",))


def test_only_addresses_that_a_mail_server_writes_are_read() -> None:
    """Comments in comments without end hide nobody and break nothing; a good field is read."""
    endless = b"Delivered-To: " + b"(" * 60_000 + b"\n"
    assert reports.sent_to(endless + b"To: <b-a@x.example>\n\n") == ()
    [cut] = reports.sent_to(b"To: " + b"a" * 2000 + b" <b-a@x.example>\n\n")
    assert len(cut) < 2000
    assert reports.sent_to(b"Delivered-To: <b-a@x.example>\n\nTo: c@d\n") == ("b-a@x.example",)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 900))
def test_no_mail_breaks_the_reader(noise: bytes, at: int) -> None:
    """Whatever comes to the bounce mailbox, the reader answers."""
    raw = dsn(b"failed", b"5.1.1", b"550 no")
    found = reports.read(raw[:at] + noise + raw[at:])
    assert found is None or isinstance(found, Complaint | tuple)


@settings(max_examples=50, deadline=None)
@given(st.uuids(), st.booleans())
def test_a_bounce_finds_its_recipient(recipient: uuid.UUID, shouted: bool) -> None:
    """Through any change of case, and with the key of before the last rotation too."""
    for current in "ab":
        path = return_path(Keyring(current, RING.keys), recipient, "bounce.example")
        assert len(path.partition("@")[0]) <= 64
        assert recipient_of(RING, f"<{path.upper() if shouted else path}>") == recipient


@settings(max_examples=50, deadline=None)
@given(st.uuids(), st.integers(2, 59), st.sampled_from("abcdef0123456789g"))
def test_a_forged_bounce_is_nobodys(recipient: uuid.UUID, at: int, letter: str) -> None:
    """Any other letter anywhere in the address, and it finds nobody; so do foreign keys."""
    path = return_path(RING, recipient, "bounce.example")
    forged = path[:at] + letter + path[at + 1 :]
    assert recipient_of(RING, forged) == (recipient if forged == path else None)
    assert recipient_of(Keyring("b", {"b": b"foreign" * 9}), path) is None


@pytest.mark.parametrize("text", ["", "b-", "b-@x", "asa@example.org", "b-ää@x", "b-" + "a" * 99])
def test_any_other_address_is_nobodys(text: str) -> None:
    """The mailbox gets all kinds of mail."""
    assert recipient_of(RING, text) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(kinds, st.floats(0, 40)), max_size=30))
def test_scores_decay_and_only_real_bounces_count(bounces: list[tuple[str, float]]) -> None:
    """A score is bounded by what the days held, falls with time; policy refusals add nothing."""
    score, now, days, heaviest = Score(), NOW, 0.0, 0.0
    for kind, later in bounces:
        now += timedelta(days=later)
        before = score.now(now)
        score = bounce_score.bounced(score, kind, now)  # type: ignore[arg-type]
        added = score.now(now) - before
        assert -1e-9 <= added <= bounce_score.WEIGHTS[kind] + 1e-9  # type: ignore[index]
        days, heaviest = days + later, max(heaviest, added)
    assert score.now(now) <= (days + 1) * 2.0 + 1e-9
    assert score.now(now + timedelta(days=14)) == pytest.approx(score.now(now) / 2)
    assert bounce_score.delivered(score, now).now(now) == pytest.approx(score.now(now) / 2)


def test_three_hard_bounces_are_enough_and_one_bad_day_is_not() -> None:
    """Three days in a row give an address up; thirty refusals in one hour count once."""
    score = Score()
    for hour in range(30):
        score = bounce_score.bounced(score, "hard", NOW + timedelta(minutes=hour))
    assert score.points == pytest.approx(2.0, rel=0.01)
    for day in (1, 2):
        assert not bounce_score.is_dead(score, NOW + timedelta(days=day))
        score = bounce_score.bounced(score, "hard", NOW + timedelta(days=day))
    assert bounce_score.is_dead(score, NOW + timedelta(days=2))
    assert not bounce_score.is_dead(score, NOW + timedelta(days=9))


def test_codes_only_never_words() -> None:
    """What a server says is not kept: it may repeat the address."""
    assert str(code_of(550, b"5.1.1 <asa@example.org> unknown")) == "550 5.1.1"
    assert str(code_of(550, b"4.1.1 mixed up")) == "550"
    assert str(code_of(250)) == "250"
    assert kind_of(Code(550, (5, 1, 10))) == "hard"
    assert Reported("failed", Code(550), "hard").kind == kind_of(Code(550))
