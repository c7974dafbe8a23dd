"""Which status each refusal of mentoring gets; the rest are 409."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.mentoring.domain import (
    consent_rules,
    matching_rules,
    meeting_rules,
    mentor_rules,
    record_rules,
    rules,
)
from services.mentoring.domain.matching import TooManyAtOnce
from services.mentoring.domain.personal_number import PersonalNumberWrong
from services.mentoring.use_cases.find_person import OneThingToLookFor
from shared.kernel import wall_clock
from shared.kernel.refusal import Refusal
from shared.privacy.sealing import SealingKeyMissing

_FORBIDDEN = (rules.ProtectedStaysHere, rules.NotNamed, rules.SomebodyElseReviews)
_UNPROCESSABLE = (
    rules.ReasonMissing,
    rules.DateHasPassed,
    rules.CannotBeShown,
    rules.GlassTooLong,
    record_rules.TextMissing,
    record_rules.TextTooLong,
    record_rules.AnswerUnknown,
    record_rules.AnswersDoNotFit,
    record_rules.PlanTooLarge,
    record_rules.IdTwice,
    record_rules.OwnerNotInCircle,
    record_rules.UnknownWay,
    record_rules.DayIsAhead,
    record_rules.BeforeTheCase,
    record_rules.ContactDaysUnknown,
    record_rules.UnknownCode,
    meeting_rules.MeetingIsPast,
    meeting_rules.MeetingLength,
    meeting_rules.MeetingPeople,
    meeting_rules.StaffMissing,
    wall_clock.TimeDoesNotExist,
    wall_clock.TimeIsAmbiguous,
    wall_clock.UnknownTimeZone,
    consent_rules.ConsentExpires,
    consent_rules.ConsentTextUnknown,
    consent_rules.ShareTooLong,
    consent_rules.ShareTooWide,
    mentor_rules.LimitOutOfRange,
    mentor_rules.LanguageMissing,
    mentor_rules.CodeOutOfShape,
    mentor_rules.DayNotYet,
    mentor_rules.EditionUnknown,
    mentor_rules.TimesOutOfShape,
    matching_rules.TooManyCases,
    TooManyAtOnce,
    PersonalNumberWrong,
    OneThingToLookFor,
)

STATUSES: Mapping[type[Refusal], int] = MappingProxyType(
    {
        **dict.fromkeys(_FORBIDDEN, 403),
        **dict.fromkeys(_UNPROCESSABLE, 422),
        rules.GlassUnknown: 404,
        SealingKeyMissing: 503,
    }
)
