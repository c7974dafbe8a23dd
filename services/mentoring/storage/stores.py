"""All stores of mentoring's databases."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import cast

from services.mentoring.domain.rights import FieldGroup
from services.mentoring.storage.cases import MongoCases
from services.mentoring.storage.changes import MongoChanges
from services.mentoring.storage.consents import MongoConsents
from services.mentoring.storage.consultations import MongoConsultations
from services.mentoring.storage.forgetting import MongoForgettings
from services.mentoring.storage.handbook import MongoHandbooks
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

    @classmethod
    def of(cls, ground: Ground, identity: Database, fingerprint_key: bytes) -> Stores:
        """Made once per process."""
        database, people = ground.database, ground.people
        identities = MongoIdentities(identity, people, fingerprint_key)

        def records(name: str, group: str) -> Records:
            return Records(database, people, name, group=group)

        return cls(
            cases=MongoCases(database),
            changes=MongoChanges(database),
            identities=identities,
            forgettings=MongoForgettings(ground, identities),
            notes=records("notes", "notes"),
            meetings=MongoMeetings(database, people),
            break_glasses=records("break_glasses", "access-log"),
            assessments=records("assessments", "assessment"),
            plans=records("plans", "plan"),
            contacts=records("contacts", "contact"),
            reviews=records("reviews", "plan"),
            closures=records("closures", "closure"),
            concerns=records("concerns", "overview"),
            notices=MongoNotices(database),
            referrals=MongoReferrals(ground),
            referral_links=MongoReferralLinks(ground),
            referral_words=records("referral_words", "referral"),
            consultations=MongoConsultations(ground),
            statistics=MongoStatistics(database),
            consents=MongoConsents(database),
            override_words=records("override_words", "consents"),
            mentors=MongoMentors(ground),
            handbooks=MongoHandbooks(database),
            matching_needs=MongoNeeds(ground),
            matchings=MongoMatchings(ground),
            matching_decisions=MongoDecisions(ground),
            steps=MongoSteps(database),
            staff_contacts=MongoStaffContacts(ground),
        )

    def hanging(self) -> list[tuple[FieldGroup, Records]]:
        """All records that hang on a case, each with the field group that its words are."""
        every = (getattr(self, each.name) for each in fields(self))
        return [(cast("FieldGroup", r.group), r) for r in every if isinstance(r, Records)]
