"""The pipelined conversation: everybody told of once, and only what is unsure called unsure."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.smtp_replies import Verdict
from services.publishing.mailing.dialogue import Dialogue
from services.publishing.mailing.replies import NotAMailServer, Replies
from services.publishing.mailing.turns import OneByOne, Together
from services.publishing.mailing.writing import Letter
from tests.unit.publishing.scripted_server import PLANS, ScriptedServer

FATES = {
    "taken": ("taken", None),
    "mail-later": ("not-now", "451 4.3.0"),
    "nobody": ("refused", "550 5.1.1"),
    "nobody-but-data": ("refused", "550 5.1.1"),
    "full": ("not-now", "452 4.2.2"),
    "no-data": ("not-now", "451 4.3.1"),
    "spam": ("refused", "554 5.7.1"),
    "busy": ("not-now", "421 4.3.2"),
    "busy-early": ("not-now", "421 4.3.2"),
    "busy-data": ("not-now", "421 4.3.2"),
}


Turns = type[Together] | type[OneByOne]
TURNS = st.sampled_from([Together, OneByOne])


def letters(count: int) -> list[Letter]:
    return [
        Letter(n, "b@s.example", f"r{n}@x.example", b"Subject: x\r\n\r\n%d\r\n" % n)
        for n in range(count)
    ]


class Talk:
    """A client and a scripted server, and what is told of whom."""

    def __init__(self, plans: list[str], turns: Turns = Together) -> None:
        self.server = ScriptedServer(iter(plans))
        self.written: list[bytes] = []
        self.turns = turns
        self.left = letters(len(plans))
        self.told: list[tuple[Letter, Verdict]] = []
        self.client = Dialogue(turns(self.written.append), self._take, self._tell)
        self.most_unanswered = 0

    def _take(self) -> Letter | None:
        return self.left.pop(0) if self.left else None

    def _tell(self, letter: Letter, verdict: Verdict) -> None:
        self.told.append((letter, verdict))
        self.client.wake()  # As a batch does that has found another letter.

    def run(self, cuts: list[int], breaks_after: int | None = None) -> int:
        """Talk until nothing is left to say, or the line breaks; the bytes that were heard."""
        heard, at = 0, 0
        self.client.wake()
        while self.written:
            assert self.turns is Together or len(self.written) == 1, "two before an answer"
            data, self.written[:] = b"".join(self.written), []
            reply = self.server.hears(data)
            while reply:
                size = cuts[at % len(cuts)] if cuts else len(reply)
                at += 1
                if breaks_after is not None and heard + size > breaks_after:
                    return heard
                self.client.heard(reply[:size])
                heard, reply = heard + size, reply[size:]
        return heard


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(PLANS)), max_size=12), st.lists(st.integers(1, 40)), TURNS)
def test_everybody_is_told_of_once_with_their_own_answer(
    plans: list[str], cuts: list[int], turns: Turns
) -> None:
    """Whatever a server answers, in whatever pieces, each letter gets its own answer."""
    talk = Talk(plans, turns)
    talk.run(cuts)
    talk.client.lost()
    told = {letter.to: verdict for letter, verdict in talk.told}
    assert len(told) == len(talk.told) == len(plans) - len(talk.left)
    ended = False
    for letter, plan in zip(letters(len(plans)), plans, strict=True):
        found = told.get(letter.to)
        if ended:
            assert found is None or found.fate == "not-now"
            continue
        assert found is not None
        assert (found.fate, str(found.code) if found.code else None) == FATES[plan]
        assert (letter.to in talk.server.accepted) == (plan == "taken")
        assert talk.server.accepted.get(letter.to, letter.content) == letter.content
        ended = plan.startswith("busy")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["taken", "nobody", "no-data", "spam"]), min_size=1, max_size=10),
    st.lists(st.integers(1, 40)),
    st.integers(0, 500),
    TURNS,
)
def test_a_broken_line_leaves_at_most_one_unsure(
    plans: list[str], cuts: list[int], breaks_after: int, turns: Turns
) -> None:
    """Wherever it breaks: nobody lost, no taken one called unsent, one uncertain at most."""
    talk = Talk(plans, turns)
    talk.run(cuts, breaks_after)
    talk.client.lost()
    told = {letter.to: verdict.fate for letter, verdict in talk.told}
    assert len(told) == len(talk.told) == len(plans) - len(talk.left)
    for to, fate in told.items():
        if to in talk.server.accepted:
            assert fate in ("taken", "unknown")
        else:
            assert fate != "taken"
    assert list(told.values()).count("unknown") <= 1
    assert set(talk.server.accepted) <= set(told)


def test_in_step_each_letter_is_one_round_trip() -> None:
    """A hundred letters: one exchange to begin, then one for each (RFC 2920)."""
    talk = Talk(["taken"] * 100)
    talk.client.wake()
    rounds = 0
    while talk.written:
        data, talk.written[:] = b"".join(talk.written), []
        rounds += 1
        talk.client.heard(talk.server.hears(data))
    assert rounds == 101
    assert len(talk.server.accepted) == 100
    assert talk.client.quiet


def test_one_by_one_each_letter_is_four_round_trips() -> None:
    """Without PIPELINING nothing is said before the last answer was heard."""
    talk, rounds = Talk(["taken"] * 10, OneByOne), 0
    talk.client.wake()
    while talk.written:
        [data], talk.written[:] = talk.written, []
        rounds += 1
        talk.client.heard(talk.server.hears(data))
    assert rounds == 40
    assert len(talk.server.accepted) == 10
    assert talk.client.quiet


def test_an_answer_nobody_waits_for_ends_the_conversation() -> None:
    """A server that says 421 out of the blue gets no further letter."""
    talk = Talk([])
    talk.client.heard(b"421 4.4.2 idle too long\r\n")
    talk.left = letters(1)
    talk.client.wake()
    assert talk.client.over
    assert not talk.written


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 400\r\n", b"\r\n", b"25\r\n", b"250=x\r\n", b"2" * 70000]
)
def test_what_is_no_mail_server_is_noticed(data: bytes) -> None:
    """Another protocol, and a reply without end."""
    with pytest.raises(NotAMailServer):
        Replies().feed(data)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 9)))
def test_replies_are_read_in_any_pieces(cuts: list[int]) -> None:
    """Several lines, bare line feeds and empty texts, cut anywhere."""
    data = b"250-one\r\n250-two\r\n250 three\r\n354\r\n550 5.1.1 no\n"
    replies, found, at = Replies(), [], 0
    for cut in [*cuts, len(data)]:
        found += replies.feed(data[at : at + cut])
        at += cut
    assert [(each.code, each.lines) for each in found] == [
        (250, (b"one", b"two", b"three")),
        (354, (b"",)),
        (550, (b"5.1.1 no",)),
    ]


class NotedTalk(Talk):
    """A ledger stands beside: it notes a letter when it is told to, and not before."""

    def __init__(self, plans: list[str], turns: Turns) -> None:
        super().__init__(plans, turns)
        self.asked: list[tuple[Letter, Callable[[], None]]] = []
        self.noted: list[str] = []
        self.client = Dialogue(turns(self.written.append), self._take, self._tell, self._intend)

    def _intend(self, letter: Letter, go: Callable[[], None]) -> None:
        self.asked.append((letter, go))
        in_hand = {each.to for each, _ in self.asked} | set(self.noted)
        assert len(in_hand - {told.to for told, _ in self.told}) <= 1, "two in hand on one line"

    def note(self) -> None:
        asked, self.asked = self.asked, []
        for letter, go in asked:
            self.noted.append(letter.to)
            go()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(PLANS)), max_size=10),
    st.lists(st.integers(1, 40)),
    st.lists(st.booleans(), max_size=8),
    st.none() | st.integers(0, 600),
    TURNS,
)
def test_nothing_leaves_before_it_is_noted(
    plans: list[str],
    cuts: list[int],
    notes: list[bool],
    breaks_after: int | None,
    turns: Turns,
) -> None:
    """However slow the ledger and wherever the line breaks: one in hand, and nobody lost."""
    talk, heard = NotedTalk(plans, turns), 0
    for note in [*notes, *[True] * 12]:
        heard += talk.run(cuts, None if breaks_after is None else breaks_after - heard)
        assert set(talk.server.accepted) <= set(talk.noted)
        if breaks_after is not None and heard >= breaks_after:
            break
        if note:
            talk.note()
    talk.client.lost()
    talk.note()
    assert not talk.written or breaks_after is not None
    told = {letter.to: verdict.fate for letter, verdict in talk.told}
    assert len(told) == len(talk.told) == len(plans) - len(talk.left)
    assert list(told.values()).count("unknown") <= 1
    for to in talk.server.accepted:
        assert told[to] in ("taken", "unknown")
    if breaks_after is None and not any(plan.startswith("busy") for plan in plans):
        assert set(talk.server.accepted) == {
            letter.to
            for letter, plan in zip(letters(len(plans)), plans, strict=True)
            if plan == "taken"
        }
