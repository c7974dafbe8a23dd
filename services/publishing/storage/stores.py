"""All stores of publishing's database."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.storage.batches import MongoBatches
from services.publishing.storage.downloads import MongoDownloads
from services.publishing.storage.editions import MongoEditions
from services.publishing.storage.fingerprints import Fingerprints
from services.publishing.storage.forgettings import MongoForgettings
from services.publishing.storage.images import MongoImages
from services.publishing.storage.leavings import MongoLeavings
from services.publishing.storage.letters import MongoLetters
from services.publishing.storage.lists import MongoLists
from services.publishing.storage.mail_limits import MongoLimits
from services.publishing.storage.mailings import MongoContents, MongoMailings
from services.publishing.storage.newsletters import MongoArchive, MongoNewsletters
from services.publishing.storage.occasions import MongoOccasions
from services.publishing.storage.print_orders import MongoPrintOrders
from services.publishing.storage.publications import MongoPublications
from services.publishing.storage.refusals import MongoRefusals
from services.publishing.storage.segments import MongoSegments
from services.publishing.storage.shelves import MongoShelves
from services.publishing.storage.subscribers import MongoSubscribers
from services.publishing.storage.suppressions import MongoSuppressions
from shared.mongo.client import Database
from shared.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class Stores:
    """One of each. Every read and change names on whose behalf it is made."""

    database: Database
    archive: MongoArchive
    batches: MongoBatches
    contents: MongoContents
    downloads: MongoDownloads
    editions: MongoEditions
    fingerprints: Fingerprints
    forgettings: MongoForgettings
    images: MongoImages
    leavings: MongoLeavings
    letters: MongoLetters
    lists: MongoLists
    mail_limits: MongoLimits
    mailings: MongoMailings
    newsletters: MongoNewsletters
    occasions: MongoOccasions
    print_orders: MongoPrintOrders
    publications: MongoPublications
    refusals: MongoRefusals
    segments: MongoSegments
    shelves: MongoShelves
    subscribers: MongoSubscribers
    suppressions: MongoSuppressions

    @classmethod
    def of(cls, database: Database, people: Vault, fingerprint_key: bytes) -> Stores:
        """Made once per process; addresses are opened and sealed with `people`'s keys."""
        fingerprints, leavings = Fingerprints(fingerprint_key), MongoLeavings(database)
        suppressions = MongoSuppressions(database, leavings)
        return cls(
            database=database,
            archive=MongoArchive(database),
            batches=MongoBatches(database),
            contents=MongoContents(database),
            downloads=MongoDownloads(database),
            editions=MongoEditions(database),
            fingerprints=fingerprints,
            forgettings=MongoForgettings(database, people, leavings),
            images=MongoImages(database),
            leavings=leavings,
            letters=MongoLetters(database),
            lists=MongoLists(database),
            mail_limits=MongoLimits(database),
            mailings=MongoMailings(database),
            newsletters=MongoNewsletters(database),
            occasions=MongoOccasions(database),
            print_orders=MongoPrintOrders(database, people),
            publications=MongoPublications(database),
            refusals=MongoRefusals(database),
            segments=MongoSegments(database),
            shelves=MongoShelves(database),
            subscribers=MongoSubscribers(database, people, fingerprints, suppressions, leavings),
            suppressions=suppressions,
        )
