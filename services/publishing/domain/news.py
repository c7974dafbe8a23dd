"""What happened that others may want to know: facts, before anybody decides what to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.publishing.domain.mailing import Mailing, Tally


@dataclass(frozen=True, slots=True)
class NewsletterOut:
    """A newsletter stands in the archive from now on. `titles` by language."""

    newsletter_id: str
    list_id: str
    titles: Mapping[str, str]
    at: datetime
    path: str
    sequence: int


@dataclass(frozen=True, slots=True)
class EditionOut:
    """A publication has a new edition. `titles` and `changes` by language."""

    publication_id: str
    kind: Literal["brochure", "handbook"]
    edition: str
    titles: Mapping[str, str]
    changes: Mapping[str, str]
    at: datetime
    path: str
    sequence: int


@dataclass(frozen=True, slots=True)
class MailingEnded:
    """Nobody's outcome is open any more, or it was cancelled."""

    mailing: Mailing
    newsletter_id: str
    tally: Tally
    sequence: int


@dataclass(frozen=True, slots=True)
class OrderTaken:
    """Copies were ordered and are set aside."""

    order_id: str
    publication_id: str
    edition: str
    copies: int


Happened: TypeAlias = NewsletterOut | EditionOut | MailingEnded | OrderTaken
