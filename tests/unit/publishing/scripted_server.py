"""A mail server without a network: it keeps to RFC 5321, does as it is told, and minds manners."""

from __future__ import annotations

import re
from collections.abc import Iterator

PLANS = {
    "taken": {},
    "mail-later": {"MAIL": "451 4.3.0 later", "RCPT": "503 no", "DATA": "503 no"},
    "nobody": {"RCPT": "550-5.1.1 nobody\r\n550 5.1.1 here", "DATA": "554 no recipients"},
    "nobody-but-data": {"RCPT": "550 5.1.1 nobody", "DATA": "354 go", "END": "554 nobody"},
    "full": {"RCPT": "452 4.2.2 full", "DATA": "503 no"},
    "no-data": {"DATA": "451 4.3.1 no"},
    "spam": {"END": "554 5.7.1 spam"},
    "busy": {"END": "421 4.3.2 closing"},
    "busy-early": {"MAIL": "421 4.3.2 closing"},
    "busy-data": {"DATA": "421 4.3.2 closing"},
}
_USUAL = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", "END": "250 2.0.0 queued"}


class ScriptedServer:
    """`accepted` holds whom it said 250 to at the end, said or not heard."""

    def __init__(self, plans: Iterator[str]) -> None:
        self._plans = plans
        self._rest = b""
        self._plan: dict[str, str] = {}
        self._in_content = False
        self._has_sender = False
        self._lines: list[bytes] = []
        self._to = ""
        self.accepted: dict[str, bytes] = {}
        self.closed = False

    def hears(self, data: bytes) -> bytes:
        """The replies to a piece of what the client says."""
        self._rest += data
        said = b""
        while b"\r\n" in self._rest and not self.closed:
            line, self._rest = self._rest.split(b"\r\n", 1)
            reply = self._content(line) if self._in_content else self._command(line)
            said += f"{reply}\r\n".encode() if reply else b""
        return said

    def _command(self, line: bytes) -> str:
        verb = line.split(b" ")[0].decode()
        if verb == "RSET":
            self._has_sender = False
            return "250 ok"
        if verb == "MAIL":
            assert not self._has_sender, "503 nested MAIL"
            self._plan = _USUAL | PLANS[next(self._plans, "taken")]
            self._to = ""
        if verb == "RCPT":
            self._to = re.fullmatch(rb"RCPT TO:<(.+)>", line)[1].decode()  # type: ignore[index]
        reply = self._plan[verb]
        if verb == "MAIL":
            self._has_sender = reply.startswith("250")
        self._in_content = reply.startswith("354")
        self.closed = reply.startswith("421")
        return reply

    def _content(self, line: bytes) -> str | None:
        if line != b".":
            self._lines.append(line)
            return None
        content, self._lines = b"\r\n".join([*self._lines, b""]) or b"\r\n", []
        self._in_content = self._has_sender = False
        assert content == b"\r\n" or self._plan["RCPT"].startswith("250"), "content for nobody"
        reply = self._plan["END"]
        if reply.startswith("250"):
            assert self._to not in self.accepted, "a double"
            self.accepted[self._to] = content
        self.closed = reply.startswith("421")
        return reply
