"""All stores of mentoring's databases."""

from __future__ import annotations

from dataclasses import dataclass

from services.mentoring.storage.cases import MongoCases
from services.mentoring.storage.changes import MongoChanges
from services.mentoring.storage.consents import MongoConsents
from services.mentoring.storage.consultations import MongoConsultations
from services.mentoring.storage.forgetting import MongoForgettings
from services.mentoring.storage.handbook import MongoHandbooks
from services.mentoring.storage.hanging import GROUP_OF_RECORDS
from services.mentoring.storage.identities import MongoIdentities
from services.mentoring.storage.matching_decisions import MongoDecisions
from services.mentoring.storage.matching_needs import MongoNeeds
from services.mentoring.storage.matchings import MongoMatchings
from services.mentoring.storage.meetings import MongoMeetings
from services.mentoring.storage.mentors import MongoMentors
from services.mentoring.storage.notices import MongoNotices
from services.mentoring.storage.records import Records
from services.mentoring.storage.referral_links import MongoReferralLinks
from services.mentoring.storage.referrals import MongoReferrals
from services.mentoring.storage.staff_contacts import MongoStaffContacts
from services.mentoring.storage.statistics import MongoStatistics
from services.mentoring.storage.steps import MongoSteps
from services.mentoring.storage.waiting_words import MongoWaitingWords
from shared.house.ground import Ground
from shared.mongo.client import Database


@dataclass(frozen=True, slots=True)
class Stores:
    """One of each. Every read and change names on whose behalf it is made."""

    cases: MongoCases
    changes: MongoChanges
    identities: MongoIdentities
    forgettings: MongoForgettings
    notes: Records
    meetings: MongoMeetings
    break_glasses: Records
    assessments: Records
    plans: Records
    contacts: Records
    reviews: Records
    closures: Records
    concerns: Records
    notices: MongoNotices
    referrals: MongoReferrals
    referral_links: MongoReferralLinks
    referral_words: Records
    consultations: MongoConsultations
    statistics: MongoStatistics
    consents: MongoConsents
    override_words: Records
    mentors: MongoMentors
    handbooks: MongoHandbooks
    matching_needs: MongoNeeds
    matchings: MongoMatchings
    matching_decisions: MongoDecisions
    steps: MongoSteps
    staff_contacts: MongoStaffContacts
    waiting_words: MongoWaitingWords
    hanging: tuple[Records, ...]
    """All records that hang on a case."""

    @classmethod
    def of(cls, ground: Ground, identity: Database, fingerprint_key: bytes) -> Stores:
        """Made once per process."""
        database, people = ground.database, ground.people
        identities = MongoIdentities(identity, people, fingerprint_key)

        def records(name: str) -> Records:
            return Records(database, people, name, group=GROUP_OF_RECORDS[name])

        return cls(
            cases=MongoCases(database),
            changes=MongoChanges(database),
            identities=identities,
            forgettings=MongoForgettings(ground, identities),
            notes=records("notes"),
            meetings=MongoMeetings(database, people),
            break_glasses=records("break_glasses"),
            assessments=records("assessments"),
            plans=records("plans"),
            contacts=records("contacts"),
            reviews=records("reviews"),
            closures=records("closures"),
            concerns=records("concerns"),
            notices=MongoNotices(database),
            referrals=MongoReferrals(ground),
            referral_links=MongoReferralLinks(ground),
            referral_words=records("referral_words"),
            consultations=MongoConsultations(ground),
            statistics=MongoStatistics(database),
            consents=MongoConsents(database, people),
            override_words=records("override_words"),
            mentors=MongoMentors(ground),
            handbooks=MongoHandbooks(database),
            matching_needs=MongoNeeds(ground),
            matchings=MongoMatchings(ground),
            matching_decisions=MongoDecisions(ground),
            steps=MongoSteps(database),
            staff_contacts=MongoStaffContacts(ground),
            waiting_words=MongoWaitingWords(ground),
            hanging=tuple(records(name) for name in GROUP_OF_RECORDS),
        )
