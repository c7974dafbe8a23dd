"""Kept connections to a real SMTP server on this machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.publishing.domain.limits import Bucket, Key, Limit
from services.publishing.mailing.allowance import OwnBuckets
from services.publishing.mailing.batch import Batch
from services.publishing.mailing.compiling import compile_variant
from services.publishing.mailing.connection import MailServer, ServerUnfit, connect
from services.publishing.mailing.lines import Lines
from services.publishing.mailing.writing import Letter
from shared.kernel.clock import real_now
from tests.unit.publishing.letters import DESK, HOUSE, NOW, SV, reader

LETTERS = DESK.letters(compile_variant(SV, HOUSE), [reader(n) for n in range(60)], NOW)


class Mailbox:
    """What a server does with mail: some recipients are refused, and some lines are cut."""

    def __init__(self, *, pipelining: bool = True) -> None:
        self.got: dict[str, bytes] = {}
        self.cut: set[str] = set()
        self.pipelining = pipelining
        self.spoken_to_early = 0
        self.connections = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, said: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return [*said[:-1], *(["250-PIPELINING"] if self.pipelining else []), said[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        number = int(address.split("@", maxsplit=1)[0].rpartition(".")[2])
        if number % 10 == 3:
            return "550 5.1.1 nobody"
        if number % 10 == 7:
            return "450 4.2.0 later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        to = envelope.rcpt_tos[0]
        assert to not in self.got
        self.got[to] = envelope.original_content or b""
        if to in self.cut:
            server.transport.abort()
        return "250 2.0.0 ok"


class Watchful(SMTP):
    """Counts how often there is more to read before it has answered."""

    async def push(self, status: str | bytes) -> None:
        waiting = self._reader._buffer  # type: ignore[union-attr]
        self.event_handler.spoken_to_early += bool(waiting)
        await super().push(status)


class OfOld(Watchful):
    """Knows HELO alone."""

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        del hostname
        await self.push("502 5.5.1 what")

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        self.event_handler.connections += 1
        await super().smtp_HELO(hostname)


@asynccontextmanager
async def serving(make: Callable[[], SMTP]) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def at(port: int, **more: object) -> MailServer:
    return MailServer("127.0.0.1", port, "sender.exempel.se", **more)  # type: ignore[arg-type]


async def sent(batch: Batch, port: int, connections: int) -> list[str]:
    """Send a batch; what stood in the way of a connection is given back."""
    unfit: list[str] = []
    lines = Lines(at(port), connections, batch.take, batch.told, lambda e: unfit.append(e.why))
    async with asyncio.timeout(20):
        while not batch.done:
            await asyncio.sleep(0.01)
            lines.wake()
    await lines.close()
    return unfit


def batch_of(letters: list[Letter], **buckets: Bucket) -> Batch:
    held = {Key("server", name): bucket for name, bucket in buckets.items()}
    return Batch(letters, OwnBuckets(held), tuple(held), lambda: int(real_now().timestamp() * 1e9))


@pytest.mark.parametrize(
    ("pipelining", "server"), [(True, Watchful), (False, Watchful), (False, OfOld)]
)
async def test_a_batch_arrives_with_an_outcome_for_each(
    pipelining: bool, server: type[Watchful]
) -> None:
    """On three connections every letter arrives as it was written, and refusals are their own.

    Nobody is spoken to before they have answered who did not offer it.
    """
    mailbox, batch = Mailbox(pipelining=pipelining), batch_of(LETTERS)
    async with serving(lambda: server(mailbox, hostname="x")) as port:
        assert await sent(batch, port, 3) == []
    assert bool(mailbox.spoken_to_early) == pipelining
    fates = {letter.to: batch.verdicts[letter.recipient] for letter in LETTERS}
    assert len(batch.verdicts) == 60
    for letter in LETTERS:
        last = letter.to.split("@")[0][-1]
        fate = {"3": "refused", "7": "not-now"}.get(last, "taken")
        assert fates[letter.to].fate == fate
        assert mailbox.got.get(letter.to) == (letter.content if fate == "taken" else None)
    assert str(fates["asa.3@example.org"].code) == "550 5.1.1"
    assert mailbox.connections == 3


@pytest.mark.parametrize("pipelining", [True, False])
async def test_a_cut_line_is_one_uncertain_letter_and_a_new_connection(pipelining: bool) -> None:
    """A server that takes a letter and hangs up before it says so: uncertain, and nothing twice."""
    mailbox, batch = Mailbox(pipelining=pipelining), batch_of(LETTERS)
    mailbox.cut = {"asa.5@example.org", "asa.20@example.org"}
    async with serving(lambda: SMTP(mailbox, hostname="x")) as port:
        await sent(batch, port, 2)
    fates = {letter.to: batch.verdicts[letter.recipient].fate for letter in LETTERS}
    assert {to for to, fate in fates.items() if fate == "unknown"} == mailbox.cut
    surely = {to for to, fate in fates.items() if fate == "taken"}
    assert surely == set(mailbox.got) - mailbox.cut
    assert mailbox.connections >= 3


async def test_closing_hears_every_answer_first() -> None:
    """Asked to stop in the middle, it ends with an answer for each letter that was given out."""
    mailbox = Mailbox()
    batch = batch_of(LETTERS, relay=Bucket(Limit(300, timedelta(seconds=1))))
    asked_after = 0

    def take() -> Letter | None:
        nonlocal asked_after
        asked_after += closing
        return batch.take()

    closing = False
    async with serving(lambda: SMTP(mailbox, hostname="x")) as port:
        lines = Lines(at(port), 2, take, batch.told, lambda _: None)
        async with asyncio.timeout(10):
            while len(batch.verdicts) < 5:
                await asyncio.sleep(0.01)
                lines.wake()
        closing = True
        await lines.close()
    left = batch.stop()
    assert asked_after == 0
    assert batch.done
    assert 5 <= len(batch.verdicts) < 60
    assert len(batch.verdicts) + len(left) == 60
    assert {letter.to for letter in left}.isdisjoint(mailbox.got)
    assert all(found.fate != "unknown" for found in batch.verdicts.values())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = real_now()
    alternative = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


async def test_signed_in_over_tls(certificate: Path) -> None:
    """STARTTLS and a password; a certificate that nobody vouches for is refused."""
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(certificate)
    ours = ssl.create_default_context(cafile=certificate)

    def let_in(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=said == LoginPassword(b"mailer", b"secret"), handled=False)

    mailbox, batch = Mailbox(), batch_of(LETTERS[:3])
    make = lambda: SMTP(  # noqa: E731
        mailbox,
        hostname="x",
        tls_context=theirs,
        require_starttls=True,
        authenticator=let_in,
        auth_required=True,
    )
    async with serving(make) as port:
        right = MailServer("localhost", port, "s.example", ours, "mailer", "secret")
        lines = Lines(right, 1, batch.take, batch.told, lambda _: None)
        async with asyncio.timeout(10):
            while not batch.done:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await lines.close()
        assert len(mailbox.got) == 3
        for wrong in (
            MailServer("localhost", port, "s.example", ours, "mailer", "guessed"),
            MailServer("localhost", port, "s.example", ssl.create_default_context()),
        ):
            with pytest.raises(ServerUnfit, match=r"sign-in: 535|SSLCert") as unfit:
                await connect(wrong)
            assert "secret" not in repr(right) + str(unfit.value)


async def test_a_server_that_is_unfit_is_said_to_be() -> None:
    """No server, and one without TLS, are named by the step that failed."""
    async with serving(lambda: SMTP(Mailbox(), hostname="x")) as port:
        with pytest.raises(ServerUnfit, match="starttls-missing"):
            await connect(at(port, tls=ssl.create_default_context()))
    with pytest.raises(ServerUnfit, match="ConnectionRefusedError"):
        await connect(at(port))
