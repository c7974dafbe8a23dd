"""The desks of what keeps people safe: who it is, protection, sharing, and whoever must look."""

from __future__ import annotations

from fastapi import APIRouter

from services.mentoring.api import (
    attention,
    changes,
    consents,
    forgettings,
    identities,
    protection,
)
from services.mentoring.consent_texts import all_consent_texts
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.house import House
from services.mentoring.questionnaires import all_questionnaires
from services.mentoring.use_cases.change_identity import ChangeIdentity, ReadIdentity
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.find_person import FindPerson
from services.mentoring.use_cases.follow_changes import FollowChanges
from services.mentoring.use_cases.protect_case import Hold, LiftProtection, Protect, SeeHold
from services.mentoring.use_cases.raise_concern import DecideConcern, RaiseConcern
from services.mentoring.use_cases.records import Writing
from services.mentoring.use_cases.see_attention import LeaveOwnContact, NoticeSeen, SeeAttention
from services.mentoring.use_cases.see_forgettings import SeeForgetting
from services.mentoring.use_cases.see_share import SeeShare
from services.mentoring.use_cases.share_by_consent import (
    BeginShare,
    EndShare,
    GiveConsent,
    SeeConsents,
    WithdrawConsent,
)
from shared.privacy.derived_link import DerivedLinks


def routers_of(house: House) -> list[APIRouter]:
    """All of them."""
    work, stores = house.work, house.stores
    return [
        identities.routes(
            identities.IdentityDesk(
                ReadIdentity(house.disclosing, stores.identities),
                ChangeIdentity(work, stores.identities, ContactCards(house.keys)),
                FindPerson(house.disclosing, stores.identities, stores.cases),
            )
        ),
        forgettings.routes(
            forgettings.ForgettingDesk(
                house.forget, SeeForgetting(stores.forgettings, house.ground.audit)
            )
        ),
        protection.routes(
            protection.ProtectionDesk(
                RaiseConcern(work, stores.concerns),
                DecideConcern(work, stores.concerns),
                Protect(work, stores.consents),
                LiftProtection(work, stores.identities),
                Hold(work),
                SeeHold(house.disclosing),
            )
        ),
        changes.routes(FollowChanges(stores.changes, house.disclosing)),
        attention.routes(
            attention.AttentionDesk(
                SeeAttention(stores.notices, house.disclosing),
                LeaveOwnContact(
                    stores.staff_contacts, ContactCards(house.keys), house.fingerprint_key
                ),
                NoticeSeen(stores.notices),
            )
        ),
        _consents(house),
    ]


def _consents(house: House) -> APIRouter:
    """What may be told to whom."""
    work, stores, ground = house.work, house.stores, house.ground
    shown: dict[FieldGroup, Writing] = {
        "plan": stores.plans,
        "assessment": stores.assessments,
        "contact": stores.contacts,
    }
    return consents.routes(
        consents.ConsentDesk(
            GiveConsent(work, stores.consents, all_consent_texts()),
            WithdrawConsent(work, stores.consents),
            BeginShare(work, stores.consents, stores.override_words),
            EndShare(work, stores.consents),
            SeeConsents(house.disclosing, stores.consents),
            SeeShare(
                stores.consents,
                stores.cases,
                stores.identities,
                shown,
                all_questionnaires(),
                ground.audit,
                ground.clock,
            ),
            DerivedLinks(house.fingerprint_key, "share"),
        )
    )
