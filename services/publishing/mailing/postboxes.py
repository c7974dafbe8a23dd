"""Where delivery reports arrive: a folder that the mail server writes to, or a mailbox by IMAP."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.publishing.domain.reports import LARGEST

_TIMEOUT = 30.0
_ASIDE = "\\Flagged"


@dataclass(frozen=True, slots=True)
class Maildir:
    """A Maildir: what is new stands in `new/`; what a person may want to read goes to `cur/`."""

    folder: Path

    async def waiting(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """The oldest first."""
        return await asyncio.to_thread(self._waiting, limit)

    async def taken(self, name: str, *, keep: bool) -> None:
        """Again is harmless."""
        await asyncio.to_thread(self._taken, name, keep)

    def _waiting(self, limit: int) -> list[tuple[str, bytes]]:
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in (self.folder / "new").iterdir() if path.is_file())
        found = []
        for name in names[:limit]:
            with (self.folder / "new" / name).open("rb") as mail:
                # One byte more than is read of any: then it is too large for a report.
                found.append((name, mail.read(LARGEST + 1)))
        return found

    def _taken(self, name: str, keep: bool) -> None:
        path = self.folder / "new" / name
        if keep and path.exists():
            path.rename(self.folder / "cur" / f"{name}:2,")
        else:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class ImapBox:
    """A mailbox: `imaps://user:password@host:993/INBOX`, or `imap://` on loopback.

    Each call is a connection of its own, in a thread: it is asked once a minute. What a person may
    want to read is flagged and stays.
    """

    url: str = field(repr=False)
    tls: ssl.SSLContext | None = None

    async def waiting(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """The oldest first."""
        return await asyncio.to_thread(self._waiting, limit)

    async def taken(self, name: str, *, keep: bool) -> None:
        """Again is harmless."""
        await asyncio.to_thread(self._taken, name, keep)

    def _waiting(self, limit: int) -> list[tuple[str, bytes]]:
        box = self._open()
        try:
            _, [listed] = box.uid("search", "UNFLAGGED", "UNDELETED")
            found = []
            for number in (listed or b"").split()[:limit]:
                size = LARGEST + 1
                _, parts = box.uid("fetch", number.decode(), f"(BODY.PEEK[]<0.{size}>)")
                raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                found.append((number.decode(), raw))
            return found
        finally:
            box.logout()

    def _taken(self, name: str, keep: bool) -> None:
        box = self._open()
        try:
            box.uid("store", name, "+FLAGS.SILENT", f"({_ASIDE if keep else chr(92) + 'Deleted'})")
            if not keep:
                box.expunge()
        finally:
            box.logout()

    def _open(self) -> imaplib.IMAP4:
        place = urlsplit(self.url)
        host, secure = place.hostname or "", place.scheme == "imaps"
        if secure:
            context = self.tls or ssl.create_default_context()
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                host, place.port or 993, ssl_context=context, timeout=_TIMEOUT
            )
        else:
            box = imaplib.IMAP4(host, place.port or 143, timeout=_TIMEOUT)
        box.login(unquote(place.username or ""), unquote(place.password or ""))
        box.select(unquote(place.path.strip("/")) or "INBOX")
        return box
