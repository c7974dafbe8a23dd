"""What an SMS back means: an answer to an offer, or something that wants a helping reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Answer = Literal["yes", "no"]

_YES = frozenset({"ja", "j", "yes", "y", "japp", "jo", "jadå", "ok", "okej"})
_NO = frozenset({"nej", "n", "no", "nope", "nä", "nix"})
_KIND = frozenset({"tack", "thanks", "thank", "you", "please", "gärna", "så", "mycket"})
_BEFORE_A_CODE = frozenset({"nr", "nummer", "number", "kod", "koden", "code"})
_SORRY = frozenset({"tyvärr", "sorry"})
"""Kind beside a no; beside a yes they leave open what is meant."""
_WORDS = re.compile(r"[a-zåäöé]+|[0-9]+")
_LONGEST = 80
"""More than this is a letter, not an answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """A yes or no, with the code if one was given."""

    answer: Answer
    code: int | None


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer made to the number that answered; `live` as far as is known here."""

    offer_id: str
    code: int
    live: bool
    title: str = ""
    starts_at: datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """What to do: pass on an answer for an offer, or help."""

    kind: Literal["answer", "ambiguous", "unknown"]
    offer_id: str | None = None
    answer: Answer | None = None


def read(text: str) -> Said | None:
    """`JA 7`, `ja7`, `Ja!`, `nej tack 7`, `J`, `yes 7`; None for anything else.

    Both a yes and a no, two codes, or any word that is not part of an answer make it unknown:
    a guess could give away somebody's places.
    """
    if len(text) > _LONGEST:
        return None
    words = _WORDS.findall(text.casefold())
    codes = {int(word) for word in words if word.isdigit() and len(word) <= 6}
    said = {word for word in words if not word.isdigit()} - _KIND - _BEFORE_A_CODE
    if said & _NO:
        said -= _SORRY
    if len(said) != 1 or len(codes) != sum(word.isdigit() for word in words) or len(codes) > 1:
        return None
    word = said.pop()
    if word not in _YES | _NO:
        return None
    return Said("yes" if word in _YES else "no", codes.pop() if codes else None)


def meaning(text: str, offers: Sequence[OpenOffer]) -> Meant:
    """Which offer is answered, given every remembered offer made to that number, oldest first.

    A code names its offer, also a closed one: booking then says why it is too late. Without one it
    must be clear: the only live offer, or, when none is live, the last one made.
    """
    said = read(text)
    if said is None:
        return Meant("unknown")
    live = [offer for offer in offers if offer.live]
    if said.code is not None:
        named = [offer for offer in offers if offer.code == said.code]
    elif live:
        named = live
    else:
        named = list(offers[-1:])
    if len(named) == 1:
        return Meant("answer", named[0].offer_id, said.answer)
    return Meant("ambiguous" if live else "unknown")


HELP_PER_DAY: dict[str, int] = {"ambiguous": 3, "unknown": 1}
"""Helping replies per number and day, so that two machines never talk for ever."""
