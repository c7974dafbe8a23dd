"""Every SMS in and out, in memory and in a file that only grows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from deploy.local.sinks.journal import Journal
from deploy.local.sinks.sms_parts import parts_of
from shared.kernel.clock import real_now

Direction = Literal["outgoing", "outgoing-reply", "incoming"]
_COST = 5200
"""Ten-thousandths of a krona for each part."""


@dataclass(slots=True)
class Sms:
    """One message as 46elks keeps it, and its text, which the phone got in any case.

    `created` is UTC without a zone and with microseconds, as 46elks writes it. `told` are the
    states that the sender's callback has taken.
    """

    id: str
    created: str
    direction: Direction
    sender: str
    to: str
    text: str
    status: str = "created"
    delivered: str | None = None
    dontlog: bool = False
    whendelivered: str = ""
    told: list[str] = field(default_factory=list)

    def as_46elks(self) -> dict[str, Any]:
        """As `GET /a1/sms/{id}` shows it (46elks.se/docs/show-sms-id)."""
        shown: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "direction": self.direction,
            "from": self.sender,
            "to": self.to,
            "cost": _COST * self.parts,
        }
        if not self.dontlog:
            shown["message"] = self.text
        if self.direction != "incoming":
            shown |= {"status": self.status, "parts": self.parts}
        if self.delivered:
            shown["delivered"] = self.delivered
        return shown

    @property
    def parts(self) -> int:
        """How many parts it was cut into."""
        return parts_of(self.text)

    @property
    def number(self) -> str:
        """The person's number, whichever way it went."""
        return self.sender if self.direction == "incoming" else self.to


class SmsStore:
    """What was sent and received, oldest first inside; a creation time is never used twice."""

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder / "sms.jsonl")
        self._all: dict[str, Sms] = {}
        for line in self._journal:
            self._replay(line)
        self._newest = max((sms.created for sms in self._all.values()), default="")

    def add(self, *, direction: Direction, sender: str, to: str, text: str, **more: Any) -> Sms:
        """Keep a new one."""
        sms = Sms(
            id=f"s{secrets.token_hex(16)}",
            created=self._created(),
            direction=direction,
            sender=sender,
            to=to,
            text=text,
            **more,
        )
        self._all[sms.id] = sms
        self._journal.append({"sms": asdict(sms)})
        return sms

    def change(self, sms: Sms, **changes: Any) -> None:
        """Another state, or a state told."""
        for name, value in changes.items():
            setattr(sms, name, value)
        self._journal.append({"id": sms.id, "changes": changes})

    def find(self, sms_id: str) -> Sms | None:
        """The one with this id."""
        return self._all.get(sms_id)

    def newest_first(self) -> Iterator[Sms]:
        """All of them."""
        return reversed(self._all.values())

    def page(
        self, *, to: str | None, before: str | None, after: str | None, limit: int
    ) -> tuple[list[Sms], str | None]:
        """A page, newest first, and where the next one starts (46elks.se/docs/sms-history)."""
        found = (
            sms
            for sms in self.newest_first()
            if (to is None or sms.to == to)
            and (before is None or sms.created < before)
            and (after is None or sms.created > after)
        )
        page = [sms for sms, _ in zip(found, range(limit), strict=False)]
        more = len(page) == limit and any(True for _ in found)
        return page, page[-1].created if more else None

    def untold(self) -> Iterable[Sms]:
        """Those whose sender still waits to hear how it went."""
        return [s for s in self._all.values() if s.whendelivered and not _finished(s)]

    def close(self) -> None:
        """Close the file."""
        self._journal.close()

    def _replay(self, line: dict[str, Any]) -> None:
        if "sms" in line:
            sms = Sms(**line["sms"])
            self._all[sms.id] = sms
        elif (known := self._all.get(line.get("id", ""))) is not None:
            for name, value in line["changes"].items():
                setattr(known, name, value)

    def _created(self) -> str:
        now = real_now().replace(tzinfo=None)
        if self._newest and now.isoformat(timespec="microseconds") <= self._newest:
            now = datetime.fromisoformat(self._newest) + timedelta(microseconds=1)
        self._newest = now.isoformat(timespec="microseconds")
        return self._newest


def _finished(sms: Sms) -> bool:
    return not {"delivered", "failed"}.isdisjoint(sms.told)
