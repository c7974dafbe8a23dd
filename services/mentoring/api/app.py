"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from services.mentoring.api import (
    assessments,
    attention,
    break_glass,
    cases,
    changes,
    circle,
    closure,
    consents,
    consultations,
    contacts,
    export,
    forgettings,
    identities,
    matching_desks,
    meetings,
    notes,
    plans,
    protection,
    referral_links,
    referrals,
    statistics,
)
from services.mentoring.api.refusals import STATUSES
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.house import House
from services.mentoring.policy import PERMISSIONS
from services.mentoring.questionnaires import all_questionnaires
from services.mentoring.settings import HttpSettings
from services.mentoring.use_cases.advance_case import AdvanceCase
from services.mentoring.use_cases.arrange_meeting import (
    ArrangeMeeting,
    CancelMeeting,
    MoveMeeting,
    RecordMeeting,
    SettleMeeting,
)
from services.mentoring.use_cases.assess import ReadAssessments, RecordAssessment
from services.mentoring.use_cases.change_circle import Assign, HandOver, SayLeadIsAway, Unassign
from services.mentoring.use_cases.change_identity import ChangeIdentity, ReadIdentity
from services.mentoring.use_cases.close_case import (
    ApproveClosure,
    ProposeClosure,
    RefuseClosure,
    WithdrawClosure,
)
from services.mentoring.use_cases.consult import (
    AnswerConsultation,
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
from services.mentoring.use_cases.export_case import ExportCase
from services.mentoring.use_cases.find_person import FindPerson
from services.mentoring.use_cases.follow_changes import FollowChanges
from services.mentoring.use_cases.give_referral_link import GiveReferralLink, ListReferralLinks
from services.mentoring.use_cases.keep_contact import ReadContacts, RecordContact, SetContactRhythm
from services.mentoring.use_cases.open_case import OpenCase
from services.mentoring.use_cases.open_glass import ConfirmGlass, OpenGlass, ReviewGlass
from services.mentoring.use_cases.plan_support import ChangePlan, ReadPlan
from services.mentoring.use_cases.protect_case import Hold, LiftProtection, Protect
from services.mentoring.use_cases.publish_statistics import PublishStatistics, SeeStatistics
from services.mentoring.use_cases.raise_concern import DecideConcern, RaiseConcern
from services.mentoring.use_cases.read_meetings import ReadMeetings
from services.mentoring.use_cases.receive_referral import ReceiveReferral
from services.mentoring.use_cases.records import Writing
from services.mentoring.use_cases.review_case import ReadReviews, RecordReview, SetReview
from services.mentoring.use_cases.see_attention import LeaveOwnContact, NoticeSeen, SeeAttention
from services.mentoring.use_cases.see_case import ListCases, SeeCase, SeeSteps
from services.mentoring.use_cases.see_forgettings import SeeForgetting
from services.mentoring.use_cases.see_referrals import ListReferrals, SeeReferral
from services.mentoring.use_cases.see_share import SeeShare
from services.mentoring.use_cases.share_by_consent import (
    BeginShare,
    EndShare,
    GiveConsent,
    SeeConsents,
    WithdrawConsent,
)
from services.mentoring.use_cases.write_note import ReadNotes, WriteNote
from shared.house.app import app_on
from shared.privacy.derived_link import DerivedLinks


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its primaries and the audit; needs no broker."""
    return app_on(house, settings, _routers_of(house), permissions=PERMISSIONS, refusals=STATUSES)


def _routers_of(house: House) -> list[APIRouter]:
    """The front desk."""
    work, disclosing, stores = house.work, house.disclosing, house.stores
    pairing = matching_desks.pairing_of(house)
    return [
        cases.routes(
            cases.CaseDesk(
                ListCases(disclosing),
                SeeCase(disclosing),
                SeeSteps(disclosing, stores.steps),
                AdvanceCase(work),
                OpenCase(work, stores.identities, ContactCards(house.keys)),
            )
        ),
        circle.routes(
            circle.CircleDesk(
                Assign(work, pairing), Unassign(work), HandOver(work, pairing), SayLeadIsAway(work)
            )
        ),
        break_glass.routes(
            break_glass.GlassDesk(
                OpenGlass(work, stores.break_glasses),
                ConfirmGlass(work),
                ReviewGlass(work, stores.break_glasses),
            )
        ),
        *_work_of(house),
        *_care_of(house),
        *_intake_of(house),
        *matching_desks.routers_of(house),
        _consents_of(house),
        _export_of(house),
        statistics.routes(
            statistics.StatisticsDesk(
                SeeStatistics(stores.statistics),
                PublishStatistics(stores.statistics, work.ledger, house.ground.clock),
            )
        ),
        notes.routes(
            notes.NoteDesk(
                WriteNote(work, stores.notes, house.signature),
                ReadNotes(disclosing, stores.notes, house.signature),
            )
        ),
    ]


def _export_of(house: House) -> APIRouter:
    """A case, taken out whole."""
    stores, consents = house.stores, house.stores.consents
    agreed = (consents.consents_of, consents.shares_of)
    return export.routes(ExportCase(house.disclosing, stores.identities, stores.hanging(), agreed))


def _work_of(house: House) -> list[APIRouter]:
    """What the circle does with a case."""
    work, disclosing, stores = house.work, house.disclosing, house.stores
    questionnaires = all_questionnaires()
    return [
        assessments.routes(
            assessments.AssessmentDesk(
                RecordAssessment(work, stores.assessments, questionnaires),
                ReadAssessments(disclosing, stores.assessments),
                questionnaires,
            )
        ),
        plans.routes(
            plans.PlanDesk(ChangePlan(work, stores.plans), ReadPlan(disclosing, stores.plans))
        ),
        contacts.routes(
            contacts.ContactDesk(
                RecordContact(work, stores.contacts),
                ReadContacts(disclosing, stores.contacts),
                SetContactRhythm(work),
                SetReview(work),
                RecordReview(work, stores.reviews),
                ReadReviews(disclosing, stores.reviews),
            )
        ),
        meetings.routes(_meeting_desk(house)),
        closure.routes(
            closure.ClosureDesk(
                ProposeClosure(work, stores.closures),
                ApproveClosure(work, stores.consents),
                RefuseClosure(work),
                WithdrawClosure(work),
            )
        ),
    ]


def _meeting_desk(house: House) -> meetings.MeetingDesk:
    arranged, stores = house.meetings, house.stores
    return meetings.MeetingDesk(
        ArrangeMeeting(arranged),
        ReadMeetings(house.disclosing, stores.meetings),
        SettleMeeting(arranged),
        MoveMeeting(arranged),
        CancelMeeting(arranged),
        RecordMeeting(arranged, stores.contacts),
    )


def _care_of(house: House) -> list[APIRouter]:
    """What keeps people safe, and whoever must look."""
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
    ]


def _intake_of(house: House) -> list[APIRouter]:
    """How somebody comes to us."""
    ground, stores, work, audit = house.ground, house.stores, house.work, house.ground.audit
    clock, ledger, links = ground.clock, work.ledger, stores.referral_links
    secrets = DerivedLinks(house.fingerprint_key, "referral-link")
    open_case = OpenCase(work, stores.identities, ContactCards(house.keys))
    return [
        referrals.routes(
            referrals.ReferralDesk(
                ReceiveReferral(stores.referrals, ledger, clock, house.fingerprint_key),
                links,
                ListReferrals(stores.referrals, house.disclosing),
                SeeReferral(stores.referrals, stores.identities, stores.cases, house.disclosing),
                AcceptReferral(stores.referrals, open_case, audit, stores.referral_words),
                LinkReferral(stores.referrals, work, audit, stores.referral_words),
                DeclineReferral(stores.referrals, ledger, clock),
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
                stores.consultations,
            )
        ),
    ]


def _consents_of(house: House) -> APIRouter:
    """What may be told to whom."""
    work, stores, ground = house.work, house.stores, house.ground
    shown: dict[FieldGroup, Writing] = {
        "plan": stores.plans,
        "assessment": stores.assessments,
        "contact": stores.contacts,
    }
    return consents.routes(
        consents.ConsentDesk(
            GiveConsent(work, stores.consents),
            WithdrawConsent(work, stores.consents),
            BeginShare(work, stores.consents, stores.override_words),
            EndShare(work, stores.consents),
            SeeConsents(house.disclosing, stores.consents),
            SeeShare(
                stores.consents, stores.cases, stores.identities, shown, ground.audit, ground.clock
            ),
            DerivedLinks(house.fingerprint_key, "share"),
        )
    )
