"""What a mail server's answer means for the recipient, for us, and for how fast we go on.

RFC 5321 §4.2 (the three digits) and RFC 3463 (the enhanced code). The server's words are never
kept: they often repeat the address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Stage = Literal["mail", "rcpt", "data", "end"]
Fate = Literal["taken", "refused", "not-now", "unknown"]
Kind = Literal["hard", "soft", "policy"]
"""hard: nobody is there. soft: somebody is, but it did not work now. policy: we are not welcome."""

SLOW_DOWN = frozenset({421, 452})
_ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
_NOBODY_THERE = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
_PLAINLY_NOBODY = frozenset({550, 551, 553})


@dataclass(frozen=True, slots=True)
class Code:
    """Three digits, and the enhanced code when the server gave one: `550 5.1.1`."""

    reply: int
    enhanced: tuple[int, int, int] | None = None

    def __str__(self) -> str:
        if self.enhanced is None:
            return str(self.reply)
        return f"{self.reply} {'.'.join(map(str, self.enhanced))}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ours` says that the trouble is with the sender or the server, not with this recipient."""

    fate: Fate
    code: Code | None = None
    kind: Kind | None = None
    slow_down: bool = False
    ours: bool = False


TAKEN = Verdict("taken")
LOST = Verdict("unknown")
"""The line broke between the end of the message and its answer (RFC 1047)."""
NOT_SENT = Verdict("not-now")
"""The line broke before the end of the message: it was surely not taken."""


def code_of(reply: int, text: bytes = b"") -> Code:
    """The codes alone; an enhanced code of another class than the reply's is no code."""
    found = _ENHANCED.match(text)
    if found is None or int(found[1]) != reply // 100:
        return Code(reply)
    return Code(reply, (int(found[1]), int(found[2]), int(found[3])))


def verdict(stage: Stage, code: Code) -> Verdict:
    """What the answer to a command means; `end` is the answer to the whole message."""
    if code.reply // 100 == 2:
        return TAKEN
    if code.reply // 100 == 5:
        return _refused(stage, code)
    # A reply that is none of ours to expect (1yz, 3yz out of place) is as good as "not now".
    return Verdict(
        "not-now",
        code,
        "soft",
        slow_down=code.reply in SLOW_DOWN,
        ours=stage == "mail" or code.reply == 421,
    )


def kind_of(code: Code, *, at_recipient: bool = True) -> Kind:
    """How grave a permanent or passing failure is for the address itself."""
    if code.reply // 100 == 4 or (code.enhanced and code.enhanced[0] == 4):
        return "soft"
    if code.enhanced is None:
        return "hard" if at_recipient and code.reply in _PLAINLY_NOBODY else "policy"
    subject = code.enhanced[1:]
    if subject in _NOBODY_THERE:
        return "hard"
    return "soft" if subject[0] in (2, 4) else "policy"


def _refused(stage: Stage, code: Code) -> Verdict:
    if stage == "mail":
        # Nobody could be written to with this sender: a reason to stop, not a bounce of theirs.
        return Verdict("not-now", code, "policy", ours=True)
    return Verdict("refused", code, kind_of(code, at_recipient=stage == "rcpt"))
