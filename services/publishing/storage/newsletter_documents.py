"""Newsletter ↔ document. Pure; `languages` and `changed_at` are there to be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.publishing.domain.newsletter import Newsletter, Text
from services.publishing.domain.segments import as_data, from_data
from services.publishing.use_cases.newsletters import Issue
from shared.mongo.client import Document


def to_document(newsletter: Newsletter) -> Document:
    """Without its version, which the writing gives it."""
    times = {"published_at": newsletter.published_at, "redacted_at": newsletter.redacted_at}
    changed = newsletter.redacted_at or newsletter.published_at
    return {
        "_id": newsletter.id,
        "list_id": newsletter.list_id,
        "texts": _texts(newsletter.texts),
        "segment": as_data(newsletter.segment),
        "state": newsletter.state,
        "issue": _texts(newsletter.issue),
        "languages": sorted(newsletter.issue),
        "redacted_because": newsletter.redacted_because,
        **{name: at for name, at in times.items() if at is not None},
        **({"changed_at": changed} if changed else {}),
    }


def from_document(document: Mapping[str, Any]) -> Newsletter:
    """As it was saved."""
    return Newsletter(
        id=document["_id"],
        list_id=document["list_id"],
        texts=_read(document["texts"]),
        segment=from_data(document["segment"]),
        state=document["state"],
        issue=_read(document["issue"]),
        published_at=document.get("published_at"),
        redacted_at=document.get("redacted_at"),
        redacted_because=document["redacted_because"],
        version=document["version"],
    )


def issue_of(document: Mapping[str, Any], language: str) -> Issue:
    """One language of what was published."""
    text = document["issue"][language]
    return Issue(
        id=document["_id"],
        list_id=document["list_id"],
        language=language,
        languages=tuple(document["languages"]),
        subject=text["subject"],
        markdown=text["markdown"],
        published_at=document["published_at"],
    )


def _texts(texts: Mapping[str, Text]) -> Document:
    return {
        tag: {"subject": text.subject, "markdown": text.markdown} for tag, text in texts.items()
    }


def _read(document: Mapping[str, Any]) -> dict[str, Text]:
    return {tag: Text(each["subject"], each["markdown"]) for tag, each in document.items()}
