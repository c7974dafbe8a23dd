"""The desks of a case's work: assessed, planned, met, noted, reviewed, closed."""

from __future__ import annotations

from fastapi import APIRouter

from services.mentoring.api import (
    assessments,
    closure,
    contacts,
    meetings,
    notes,
    own_meetings,
    plans,
)
from services.mentoring.house import House
from services.mentoring.questionnaires import all_questionnaires
from services.mentoring.use_cases.arrange_meeting import (
    ArrangeMeeting,
    CancelMeeting,
    MoveMeeting,
    RecordMeeting,
    SettleMeeting,
)
from services.mentoring.use_cases.assess import ReadAssessments, RecordAssessment
from services.mentoring.use_cases.close_case import (
    ApproveClosure,
    ProposeClosure,
    RefuseClosure,
    WithdrawClosure,
)
from services.mentoring.use_cases.keep_contact import ReadContacts, RecordContact, SetContactRhythm
from services.mentoring.use_cases.plan_support import ChangePlan, ReadPlan
from services.mentoring.use_cases.read_meetings import ReadMeetings
from services.mentoring.use_cases.review_case import ReadReviews, RecordReview, SetReview
from services.mentoring.use_cases.see_own_meetings import SeeOwnMeetings
from services.mentoring.use_cases.write_note import ReadNotes, WriteNote


def routers_of(house: House) -> list[APIRouter]:
    """All of them."""
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
        own_meetings.routes(SeeOwnMeetings(disclosing, stores.meetings)),
        notes.routes(
            notes.NoteDesk(
                WriteNote(work, stores.notes, house.signature),
                ReadNotes(disclosing, stores.notes, house.signature),
            )
        ),
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
