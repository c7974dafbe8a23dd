"""A professional's question, answered and counted without anybody on file.

There is no field for a person here, neither for the one who asks nor for the one it is about. The
words of question and answer are sealed under a key of the consultation's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from services.mentoring.domain.ids import Username
from services.mentoring.domain.municipalities import ensure_municipality
from services.mentoring.domain.record_rules import ConsultationIsAnswered, UnknownCode

Profession = Literal[
    "school", "social-services", "police", "prison-service", "health-care", "association", "other"
]
Topic = Literal["worry", "method", "legal", "network", "training", "other"]
Via = Literal["sealed-event", "form", "staff"]
State = Literal["open", "answered", "closed"]


@dataclass(frozen=True, slots=True)
class Consultation:
    """One question. `municipality` is one of the list, for statistics. `version` is storage's."""

    id: str
    via: Via
    profession: Profession
    topic: Topic
    received_at: datetime
    municipality: str | None = None
    state: State = "open"
    answered_by: Username | None = None
    answered_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationFact:
    """A question came, was answered, or was closed without an answer."""

    consultation_id: str
    at: datetime
    by: Username
    state: State


Consulted = tuple[Consultation, tuple[ConsultationFact, ...]]


def receive_consultation(
    consultation_id: str,
    *,
    via: Via,
    profession: str,
    topic: str,
    municipality: str | None = None,
    by: Username,
    now: datetime,
) -> Consulted:
    """A question came; raises UnknownCode for what is not in its list."""
    who = next((one for one in get_args(Profession) if one == profession), None)
    about = next((one for one in get_args(Topic) if one == topic), None)
    if who is None or about is None:
        raise UnknownCode
    ensure_municipality(municipality or "")
    asked = Consultation(consultation_id, via, who, about, now, municipality)
    return _told(asked, by=by, now=now)


def answer_consultation(asked: Consultation, *, by: Username, now: datetime) -> Consulted:
    """Somebody answered; raises ConsultationIsAnswered when it is not open."""
    _ensure_open(asked)
    done = replace(asked, state="answered", answered_by=by, answered_at=now)
    return _told(done, by=by, now=now)


def close_consultation(asked: Consultation, *, by: Username, now: datetime) -> Consulted:
    """It needs no answer; raises ConsultationIsAnswered when it is not open."""
    _ensure_open(asked)
    return _told(replace(asked, state="closed", answered_at=now), by=by, now=now)


def _ensure_open(asked: Consultation) -> None:
    if asked.state != "open":
        raise ConsultationIsAnswered


def _told(asked: Consultation, *, by: Username, now: datetime) -> Consulted:
    fact = ConsultationFact(consultation_id=asked.id, at=now, by=by, state=asked.state)
    return asked, (fact,)
