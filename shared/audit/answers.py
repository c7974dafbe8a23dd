"""What the auditor's routes answer and take: ids and codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.audit.follow_up import Outcome, Sampled
from shared.audit.refusals import EntryBroken
from shared.web.whole_number import WholeNumber

_ACTOR = "0199c0de-0000-7000-8000-000000000001"
_AT = "2027-01-14T09:30:00.120Z"
READING: dict[str, JsonValue] = {
    "seq": 17,
    "at": _AT,
    "actor": _ACTOR,
    "roles": ["case-lead"],
    "subjects": ["0199c0de-0000-7000-8000-000000000002"],
    "fields": ["notes"],
    "purpose": "case-work",
    "reference": "0199c0de-0000-7000-8000-000000000004",
    "allowed": True,
    "rule": "lead-of-case",
    "trace": "0199c0de-0000-7000-8000-000000000003",
}
ENTRY: dict[str, JsonValue] = {
    **READING,
    "service": "mentoring",
    "prev": "5e1f" * 16,
    "hash": "90ab" * 16,
}
CHECKPOINT: dict[str, JsonValue] = {
    "seq": 17,
    "hash": "90ab" * 16,
    "at": _AT,
    "service": "mentoring",
    "key": "3f0a1b2c4d5e6f70",
    "signature": "MEUCIQDq" * 11,
}
_FOUND: dict[str, JsonValue] = {
    "outcome": "explained",
    "reference": "A-17",
    "by": _ACTOR,
    "at": _AT,
}
FOUND_BY_SOMEBODY: dict[str, JsonValue] = {"seq": 17, "outcome": "explained", "reference": "A-17"}


class ReadingOut(BaseModel):
    """Who read what, and why; or was refused."""

    model_config = ConfigDict(json_schema_extra={"example": READING})

    seq: int
    at: datetime
    actor: str
    roles: list[str]
    subjects: list[str]
    fields: list[str] = Field(description="namn på uppgifter, aldrig deras innehåll")
    purpose: str
    reference: str | None
    allowed: bool
    rule: str
    trace: str

    @classmethod
    def of(cls, entry: Mapping[str, Any], *, about: Collection[str] | None = None) -> ReadingOut:
        """Of a stored entry; `about` (one person's ids) leaves everybody else out of it.

        Raises:
            EntryBroken: it is not one.
        """
        try:
            known = {name: entry[name] for name in cls.model_fields}
            subjects = [each for each in known["subjects"] if about is None or each in about]
            return cls(**{**known, "subjects": subjects})
        except (KeyError, TypeError, ValueError):
            raise EntryBroken(seq=entry["seq"]) from None


class ReaderOut(ReadingOut):
    """A reading, and what whoever read is called."""

    model_config = ConfigDict(json_schema_extra={"example": {**READING, "who": "karin.holm"}})

    who: str | None = Field(description="användarnamnet, för den som har varit inloggad")

    @classmethod
    def all_of(
        cls,
        entries: Iterable[Mapping[str, Any]],
        names: Mapping[str, str],
        *,
        about: Collection[str] | None = None,
    ) -> list[ReaderOut]:
        """Of stored entries. Raises EntryBroken."""
        found = [ReadingOut.of(each, about=about) for each in entries]
        return [cls(**each.model_dump(), who=names.get(each.actor)) for each in found]


class EntryOut(ReadingOut):
    """A link of the chain, whole."""

    model_config = ConfigDict(json_schema_extra={"example": ENTRY})

    service: str
    prev: str = Field(description="förra postens hash")
    hash: str = Field(description="SHA-256 över postens övriga uppgifter (RFC 8785), hexadecimalt")


class CheckpointOut(BaseModel):
    """A signed word about which entry stood at a number."""

    model_config = ConfigDict(json_schema_extra={"example": CHECKPOINT})

    seq: int
    hash: str
    at: datetime
    service: str
    key: str = Field(description="vilken nyckel som signerat: början på dess SHA-256")
    signature: str = Field(description="Ed25519 över övriga uppgifter, base64")


class Pages(BaseModel):
    """Rows as they are stored, so that nobody need trust who hands them out."""

    cursor: str | None = Field(description="för nästa sida; null när det inte finns fler")
    tip: int = Field(description="den sista postens nummer just nu")


class EntryPage(Pages):
    """Entries in order; their form stands in `shared/audit/entry.py`."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"entries": [ENTRY], "cursor": "17", "tip": 18}}
    )

    entries: list[EntryOut]


class CheckpointPage(Pages):
    """Checkpoints in order; their form stands in `shared/audit/checkpoint.py`."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"checkpoints": [CHECKPOINT], "cursor": "17", "tip": 18}}
    )

    checkpoints: list[CheckpointOut]


class OutcomeIn(BaseModel):
    """What the follow-up of one reading came to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": FOUND_BY_SOMEBODY})

    seq: WholeNumber = Field(ge=1, lt=2**53)
    outcome: Outcome = Field(
        description="in-order: i sin ordning; explained: förklarad; "
        "not-in-order: inte i sin ordning; passed-on: lämnad vidare"
    )
    reference: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9:._/+@-]{1,120}$",
        description="ett ärendenummer eller id, aldrig fri text",
    )


class OutcomeOut(BaseModel):
    """What was found, by whom and when."""

    model_config = ConfigDict(json_schema_extra={"example": _FOUND})

    outcome: Outcome
    reference: str | None
    by: str
    at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> OutcomeOut:
        """Of a stored row."""
        return cls(**{name: row[name] for name in cls.model_fields})


class SampledOut(BaseModel):
    """A reading of the sample with what was found about it."""

    reading: ReaderOut
    outcomes: list[OutcomeOut]


class SampleOut(BaseModel):
    """The sample of a month."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "month": "2027-01",
                "left": 0,
                "items": [{"reading": {**READING, "who": "karin.holm"}, "outcomes": [_FOUND]}],
            }
        }
    )

    month: str
    left: int = Field(description="så många som ingen har följt upp än")
    items: list[SampledOut]

    @classmethod
    def of(cls, month: str, sampled: list[Sampled], names: Mapping[str, str]) -> SampleOut:
        """Of what was drawn."""
        readings = ReaderOut.all_of([each.entry for each in sampled], names)
        items = [
            SampledOut(reading=reading, outcomes=[OutcomeOut.of(row) for row in each.outcomes])
            for reading, each in zip(readings, sampled, strict=True)
        ]
        return cls(month=month, left=sum(not each.outcomes for each in items), items=items)
