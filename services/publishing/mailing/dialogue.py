"""The conversation on one connection, with nothing of a network in it.

It is pipelined (RFC 2920) where the server offers that (see `turns`). In step, each message costs
one round trip then: its content and the next one's envelope travel together.

    ours    MAIL RCPT DATA ──▶        content₁ . MAIL RCPT DATA ──▶        content₂ . …
    theirs                 250 250 354                 250 250 250 354

Content is written only after its own 354, and that comes after the answer to the content before. So
at any moment at most one message is neither answered nor surely unsent: its fate is `unknown` if
the line breaks then, and nobody else's ever is.

Where a ledger is kept, it is told of a letter when the one before is answered, while the envelope
is on its way; content is written only when it has noted that. So it has one a connection noted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Literal

from services.publishing.domain.smtp_replies import (
    LOST,
    NOT_SENT,
    TAKEN,
    Code,
    Stage,
    Verdict,
    code_of,
    verdict,
)
from services.publishing.mailing.replies import Replies, Reply
from services.publishing.mailing.turns import Turns
from services.publishing.mailing.writing import Letter

Take = Callable[[], Letter | None]
Told = Callable[[Letter, Verdict], None]
Intend = Callable[[Letter, Callable[[], None]], None]
"""Note that a letter is about to leave, and then call back."""

_GO, _CLOSING = 354, 421
_Awaited = Literal["mail", "rcpt", "data", "end", "empty", "reset"]


class _Envelope:
    """A letter from its MAIL to its end; `refusal` is the first no that it met.

    `noted`: the ledger knows that it may leave. `asked_for`: it has its 354 and waits for that.
    """

    __slots__ = ("asked_for", "letter", "noted", "refusal")

    def __init__(self, letter: Letter, *, noted: bool) -> None:
        self.letter = letter
        self.refusal: Verdict | None = None
        self.noted = noted
        self.asked_for = False


class Dialogue:
    """Greeted already. `take` is asked at the last moment for a letter.

    `told` is called exactly once for each letter that was taken. What the server breaks off
    itself (421, or an answer nobody waits for) sets `over`: the connection is of no more use.
    Without `intend` every letter may leave at once.
    """

    def __init__(self, turns: Turns, take: Take, told: Told, intend: Intend | None = None) -> None:
        self._turns, self._take, self._told, self._intend = turns, take, told, intend
        self._replies = Replies()
        self._awaited: deque[tuple[_Awaited, _Envelope]] = deque()
        self._ahead: _Envelope | None = None
        self._unanswered = False
        self.over = False

    @property
    def quiet(self) -> bool:
        """Nothing is on its way: the connection may be closed without anybody wondering."""
        return not self._awaited and self._ahead is None

    def wake(self) -> None:
        """There may be a letter to take again."""
        group = self._next_envelope()
        if group:
            self._turns.say(*group)

    def heard(self, data: bytes) -> None:
        """What came from the server.

        Raises:
            NotAMailServer: it speaks something else; call `lost` then, as for a broken line.
        """
        for reply in self._replies.feed(data):
            if self.over:
                return
            self._answer(reply)
            if not self.over:
                self._turns.answered()

    def lost(self) -> None:
        """The line is gone: tell of everybody who was on it."""
        self.over = True
        awaited, self._awaited = self._awaited, deque()
        for stage, envelope in awaited:
            if stage == "end":
                self._told(envelope.letter, LOST)
            elif stage in ("data", "empty"):
                self._told(envelope.letter, envelope.refusal or NOT_SENT)
        held, self._ahead = self._ahead, None
        if held is not None and held.asked_for:
            self._told(held.letter, NOT_SENT)

    def _next_envelope(self) -> tuple[bytes, ...]:
        """One envelope ahead, never two: the second would wait for nothing but could be lost."""
        if self._ahead is not None or self.over:
            return ()
        letter = self._take()
        if letter is None:
            return ()
        envelope = self._ahead = _Envelope(letter, noted=self._intend is None)
        self._have_noted()
        self._awaited.extend((("mail", envelope), ("rcpt", envelope), ("data", envelope)))
        return (
            f"MAIL FROM:<{letter.sender}>\r\n".encode("ascii"),
            f"RCPT TO:<{letter.to}>\r\n".encode("ascii"),
            b"DATA\r\n",
        )

    def _answer(self, reply: Reply) -> None:
        if not self._awaited:
            self.over = True
            return
        stage, envelope = self._awaited.popleft()
        if stage == "data":
            self._data_answered(envelope, reply)
        elif reply.code // 100 != 2:
            self._refused(stage, envelope, code_of(reply.code, reply.lines[0]))
        elif stage == "end":
            self._ended(envelope, TAKEN)
        elif stage == "empty":
            self._ended(envelope, envelope.refusal or NOT_SENT)

    def _refused(self, stage: _Awaited, envelope: _Envelope, code: Code) -> None:
        if stage == "end":
            self._ended(envelope, verdict("end", code))
        elif stage in ("mail", "rcpt"):
            _note(envelope, "mail" if stage == "mail" else "rcpt", code)
        elif stage == "empty":
            self._ended(envelope, envelope.refusal or NOT_SENT)
        if code.reply == _CLOSING:
            self.lost()

    def _ended(self, envelope: _Envelope, said: Verdict) -> None:
        self._unanswered = False
        self._told(envelope.letter, said)
        self._have_noted()

    def _have_noted(self) -> None:
        """Of two letters on one line the second is noted when the first is answered."""
        ahead = self._ahead
        if self._intend is None or ahead is None or self._unanswered or self.over:
            return
        if not ahead.noted:
            self._intend(ahead.letter, lambda: self._may_leave(ahead))

    def _may_leave(self, envelope: _Envelope) -> None:
        envelope.noted = True
        if envelope.asked_for and not self.over:
            self._send(envelope)

    def _data_answered(self, envelope: _Envelope, reply: Reply) -> None:
        if reply.code == _GO and envelope.refusal is None:
            envelope.asked_for = True
            if envelope.noted:
                self._send(envelope)
            return
        self._ahead = None
        self._unanswered = True
        if reply.code == _GO:
            # DATA was taken although nobody is to get it: end it empty (RFC 2920 §3.1).
            self._awaited.append(("empty", envelope))
            self._turns.say(b".\r\n", *self._next_envelope())
            return
        code = code_of(reply.code, reply.lines[0])
        if code.reply != _CLOSING:
            # The server may still hold the sender: it would refuse the next MAIL.
            self._awaited.append(("reset", envelope))
            self._turns.say(b"RSET\r\n", *self._next_envelope())
        self._ended(envelope, envelope.refusal or _no_data(code))
        if code.reply == _CLOSING:
            self.lost()

    def _send(self, envelope: _Envelope) -> None:
        self._ahead = None
        self._unanswered = True
        self._awaited.append(("end", envelope))
        self._turns.say(envelope.letter.content + b".\r\n", *self._next_envelope())


def _note(envelope: _Envelope, stage: Stage, code: Code) -> None:
    if envelope.refusal is None and code.reply // 100 != 2:
        envelope.refusal = verdict(stage, code)


def _no_data(code: Code) -> Verdict:
    """Both were taken, then DATA was not: a 2yz there is nonsense, and no letter was sent."""
    return NOT_SENT if code.reply // 100 in (2, 3) else verdict("data", code)
