"""The desks of how somebody comes to us."""

from __future__ import annotations

from fastapi import APIRouter

from services.mentoring.api import (
    consultations,
    referral_links,
    referrals,
)
from services.mentoring.house import House
from services.mentoring.use_cases.consult import (
    AnswerConsultation,
    ListConsultations,
    ReceiveConsultation,
    SeeConsultation,
)
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.decide_referral import (
    AcceptReferral,
    DeclineReferral,
    LinkReferral,
    ReadReferralsOfCase,
)
from services.mentoring.use_cases.give_referral_link import GiveReferralLink, ListReferralLinks
from services.mentoring.use_cases.open_case import OpenCase
from services.mentoring.use_cases.receive_referral import ReceiveReferral
from services.mentoring.use_cases.refer_consultation import ReferConsultation
from services.mentoring.use_cases.see_referrals import ListReferrals, SeeReferral
from shared.privacy.derived_link import DerivedLinks


def routers_of(house: House) -> list[APIRouter]:
    """All of them."""
    ground, stores, work, audit = house.ground, house.stores, house.work, house.ground.audit
    clock, ledger, links = ground.clock, work.ledger, stores.referral_links
    secrets = DerivedLinks(house.fingerprint_key, "referral-link")
    receive = ReceiveReferral(stores.referrals, ledger, clock, house.fingerprint_key)
    open_case = OpenCase(work, stores.identities, ContactCards(house.keys))
    return [
        referrals.routes(
            referrals.ReferralDesk(
                receive,
                links,
                ListReferrals(stores.referrals, house.disclosing),
                SeeReferral(stores.referrals, stores.identities, stores.cases, house.disclosing),
                AcceptReferral(stores.referrals, open_case, audit, stores.referral_words),
                LinkReferral(stores.referrals, work, audit, stores.referral_words),
                DeclineReferral(stores.referrals, ledger, house.ground.audit, clock),
                ReadReferralsOfCase(house.disclosing, stores.referral_words),
            )
        ),
        referral_links.routes(
            referral_links.LinkDesk(
                GiveReferralLink(links, ledger, clock, secrets),
                ListReferralLinks(links, audit),
                links,
            )
        ),
        consultations.routes(
            consultations.ConsultationDesk(
                ReceiveConsultation(stores.consultations, ledger, clock),
                SeeConsultation(stores.consultations, audit),
                AnswerConsultation(stores.consultations, ledger, audit, clock),
                ReferConsultation(stores.consultations, receive, audit),
                ListConsultations(stores.consultations, audit),
            )
        ),
    ]
