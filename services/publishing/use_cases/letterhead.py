"""Who writes: the sender's side of every letter of a list, in a language."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.domain.links import key_of
from services.publishing.domain.newsletter_list import NewsletterList, in_language
from services.publishing.mailing.frame import House


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What does not differ between lists; `site` without a slash at its end."""

    sender_name: str
    sender: str
    postal_address: str
    site: str

    @property
    def images(self) -> str:
        """Where images of ours are shown."""
        return f"{self.site}/bilder"

    def of(self, known: NewsletterList, language: str) -> House:
        """The house of one list (RFC 2919 §2: its id ends in a domain of ours)."""
        domain = self.sender.rpartition("@")[2]
        return House(
            sender_name=self.sender_name,
            sender=self.sender,
            list_name=in_language(known.names, language),
            list_id=f"{known.id}.{domain}",
            list_key=key_of(known.id),
            postal_address=self.postal_address,
            site=self.site,
        )
