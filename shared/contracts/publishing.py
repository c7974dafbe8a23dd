"""What publishing tells. Editorial facts and ids: no reader, subscriber or school is in here."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.event import Audience, Contract


class NewsletterPublished(Contract):
    """A newsletter stands in the archive. Subject: the newsletter."""

    teller: ClassVar[str] = "publishing"
    name: ClassVar[str] = "newsletter-published"
    audience: ClassVar[Audience] = "public"

    newsletter_id: str
    list_id: str
    titles: dict[str, str] = Field(description="language → title, e.g. sv")
    published_at: AwareDatetime
    path: str = Field(description="where it can be read, below the front door")


class EditionReleased(Contract):
    """A publication has a new edition. Subject: the publication."""

    teller: ClassVar[str] = "publishing"
    name: ClassVar[str] = "edition-released"
    audience: ClassVar[Audience] = "public"

    publication_id: str
    kind: Literal["brochure", "handbook"]
    edition: str = Field(description="semantic version, e.g. 2.1.0")
    titles: dict[str, str] = Field(description="language → title, e.g. sv")
    changes: dict[str, str] = Field(description="language → what is new, in a few sentences")
    released_at: AwareDatetime
    path: str = Field(description="where it can be read, below the front door")


class MailingFinished(Contract):
    """Everybody's outcome is known, or the mailing was cancelled. Subject: the mailing."""

    teller: ClassVar[str] = "publishing"
    name: ClassVar[str] = "mailing-finished"

    mailing_id: str
    newsletter_id: str
    state: Literal["finished", "finished-with-failures", "cancelled"]
    recipients: int = Field(ge=0)
    accepted: int = Field(ge=0)
    bounced: int = Field(ge=0)
    suppressed: int = Field(ge=0)
    uncertain: int = Field(ge=0)


class PrintOrderReceived(Contract):
    """Somebody ordered printed copies. Subject: the order."""

    teller: ClassVar[str] = "publishing"
    name: ClassVar[str] = "print-order-received"

    order_id: str
    publication_id: str
    edition: str
    copies: int = Field(ge=1)


class BulletinPublished(Contract):
    """An early warning from one member of the network to the others. Subject: the bulletin.

    An editor has approved it; it holds nothing that points at a person, nor who posted it.
    """

    teller: ClassVar[str] = "publishing"
    name: ClassVar[str] = "bulletin-published"
    audience: ClassVar[Audience] = "partner"

    bulletin_id: str
    kind: Literal["propaganda", "recruitment", "gathering", "threat", "online", "other"]
    area: str
    begins: date
    ends: date
    trend: Literal["rising", "steady", "falling"]
    text: str


class BulletinWithdrawn(Contract):
    """An early warning was taken back; forget what it said. Subject: the bulletin."""

    teller: ClassVar[str] = "publishing"
    name: ClassVar[str] = "bulletin-withdrawn"
    audience: ClassVar[Audience] = "partner"

    bulletin_id: str
