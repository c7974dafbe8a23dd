"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.mentoring.settings import HttpSettings, WorkerSettings
from services.mentoring.storage.indexes import make_indexes
from services.mentoring.storage.ledger import MongoLedger
from services.mentoring.storage.signature import ServiceSignature
from services.mentoring.storage.stores import Stores
from services.mentoring.use_cases.arrange_meeting import MeetingWork
from services.mentoring.use_cases.attention import Attention
from services.mentoring.use_cases.case_work import CaseWork
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.forget_person import ForgetPerson
from services.mentoring.use_cases.hear_of_rooms import HearOfRooms
from services.mentoring.use_cases.meeting_records import TellMeeting
from services.mentoring.use_cases.meetings_ahead import MeetingsAhead
from shared.contracts.event import News
from shared.house.ground import Ground
from shared.mongo.client import Database, connect, database_of
from shared.mongo.primary import has_primary
from shared.privacy.sealing import KnownKeys, SealingKeys

SERVICE = "mentoring"


@dataclass(frozen=True, slots=True)
class House:
    """One of each, on the ground that every service has."""

    ground: Ground
    identity: Database
    stores: Stores
    keys: KnownKeys
    sealing: SealingKeys
    disclosing: Disclosing
    work: CaseWork
    forget: ForgetPerson
    signature: ServiceSignature
    meetings: MeetingWork
    rooms: HearOfRooms
    fingerprint_key: bytes

    async def make_indexes(self) -> None:
        """Make what is missing; every process may."""
        await self.ground.make_indexes()
        await make_indexes(self.ground.database)
        await self.stores.identities.make_indexes()

    async def ready(self) -> Mapping[str, bool]:
        """The HTTP process needs its primaries, and the audit: nothing is read without it."""
        return {
            **await self.ground.ready(),
            "identity": await has_primary(self.identity),
        }

    def close(self) -> None:
        """Let go of the databases."""
        self.identity.client.close()
        self.ground.close()


def build_house(
    ground: Ground,
    settings: HttpSettings | WorkerSettings,
    tell: TellMeeting,
    give_back: Callable[[str], News],
) -> House:
    """Connects when first used. `tell` and `give_back` are messaging's words about meetings."""
    url = settings.identity_mongodb_url.get_secret_value()
    identity = database_of(connect(url), url)
    stores = Stores.of(ground, identity, settings.fingerprint_key)
    disclosing = Disclosing(stores.cases, ground.audit, ground.clock)
    attention = Attention(stores.staff_contacts, settings.fingerprint_key)
    ledger = MongoLedger(ground)
    ahead = MeetingsAhead(stores.meetings, tell)
    work = CaseWork(disclosing, ledger, attention, ahead, ground.clock)
    return House(
        ground=ground,
        identity=identity,
        stores=stores,
        keys=KnownKeys(ground.database),
        sealing=SealingKeys(ground.keys, settings.master_keys),
        disclosing=disclosing,
        work=work,
        forget=ForgetPerson(disclosing, stores.forgettings, ledger, stores.meetings, give_back),
        signature=ServiceSignature(settings.fingerprint_key),
        meetings=MeetingWork(work, stores.meetings, tell),
        rooms=HearOfRooms(
            stores.cases, stores.meetings, ledger, attention, tell, give_back, ground.clock
        ),
        fingerprint_key=settings.fingerprint_key,
    )
