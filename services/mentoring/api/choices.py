"""`/v1/choices`: every closed list that a form asks from, in both languages, and consent texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, get_args

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.mentoring.api.choice_words import WORDS
from services.mentoring.domain import (
    advancing,
    aftercare,
    break_glass,
    closing,
    concern,
    consent,
    consultation,
    contacts,
    matching_cases,
    meeting,
    phases,
    protecting,
    referral,
    retention,
    rights,
    sharing,
    waiting,
)
from services.mentoring.domain.assessing import Questionnaire
from services.mentoring.domain.consent_texts import ConsentWording
from shared.kernel.actor import Actor
from shared.web.examples import documented
from shared.web.permissions import signed_in_only

Worded = Mapping[str, tuple[str, str]]
_CHOICE: dict[str, Any] = {"code": "covering", "sv": "jag täcker upp", "en": "I am covering"}
_TEXT: dict[str, Any] = {
    "id": "samtycke-skola",
    "purpose": "school-contact",
    "version": 1,
    "sv": "Jag samtycker till att skolan får veta det vi har kommit överens om.",
    "en": "I agree that the school may know what we have agreed on.",
}

_WORDED: Mapping[str, Worded] = {
    "break-glass-reason": break_glass.REASONS,
    "concern-reported": concern.REPORTED,
    "concern-not-reported": concern.NOT_REPORTED,
    "share-override": sharing.OVERRIDE_REASONS,
    "match-decision": matching_cases.DECISION_REASONS,
    "mentor-obstacle": matching_cases.OBSTACLES,
    "referral-decline": referral.DECLINE_REASONS,
}
_CODES: Mapping[str, Iterable[str]] = {
    "phase": phases.PHASES,
    "relation": rights.RELATIONS,
    "field-group": rights.GROUPS,
    "waits": waiting.WAITS,
    "case-decline": sorted(advancing.DECLINE_REASONS),
    "case-outcome": sorted(closing.OUTCOMES),
    "closure-refusal": sorted(closing.REFUSAL_REASONS),
    "reopen": sorted(aftercare.REOPEN_REASONS),
    "lift-protection": sorted(protecting.LIFT_REASONS),
    "legal-hold": sorted(retention.HOLD_REASONS),
    "break-glass-outcome": sorted(break_glass.OUTCOMES),
    "contact-way": get_args(contacts.Way),
    "meeting-state": meeting.STATES,
    "referrer": get_args(referral.ReferrerKind),
    "consent-purpose": get_args(consent.Purpose),
    "consent-recipient": get_args(consent.RecipientKind),
    "consent-voice": get_args(consent.Voice),
    "profession": get_args(consultation.Profession),
    "consultation-topic": get_args(consultation.Topic),
}


class ChoiceOut(BaseModel):
    """A word from a closed list, as people say it."""

    model_config = ConfigDict(json_schema_extra={"example": _CHOICE})

    code: str
    sv: str
    en: str


class ConsentTextOut(BaseModel):
    """The newest wording of a text that somebody says yes to."""

    model_config = ConfigDict(json_schema_extra={"example": _TEXT})

    id: str
    purpose: str
    version: int
    sv: str
    en: str


class ChoicesOut(BaseModel):
    """All of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "lists": {"break-glass-reason": [_CHOICE]},
                "shareable": {"school-contact": ["overview", "plan"]},
                "consent_texts": [_TEXT],
            }
        }
    )

    lists: dict[str, list[ChoiceOut]]
    shareable: dict[str, list[str]] = Field(description="det mesta som får delas för varje ändamål")
    consent_texts: list[ConsentTextOut]


def routes(
    questionnaires: Mapping[str, Questionnaire], texts: Mapping[str, ConsentWording]
) -> APIRouter:
    """One; what it answers is worked out once. Raises KeyError for a code without words."""
    router = APIRouter(prefix="/v1", tags=["choices"])
    answer = ChoicesOut(
        lists={
            **{name: _listed(words) for name, words in _WORDED.items()},
            **{name: _listed(_found(name, codes)) for name, codes in _CODES.items()},
            "questionnaire": _listed(
                {each.id: (each.title.sv, each.title.en) for each in questionnaires.values()}
            ),
        },
        shareable={name: sorted(groups) for name, groups in sharing.SHAREABLE.items()},
        consent_texts=[_text(each) for each in texts.values()],
    )

    @router.get(
        "/choices",
        summary="Val i formulär",
        description="Alla slutna listor på svenska och engelska, och gällande samtyckestexter.",
        responses=documented(ChoicesOut, 200, "Alla listor."),
    )
    async def choices(
        _: Annotated[Actor, signed_in_only("words are no secret among staff")],
    ) -> ChoicesOut:
        return answer

    return router


def _found(name: str, codes: Iterable[str]) -> Worded:
    return {code: WORDS[name][code] for code in codes}


def _listed(words: Worded) -> list[ChoiceOut]:
    return [ChoiceOut(code=code, sv=sv, en=en) for code, (sv, en) in words.items()]


def _text(text: ConsentWording) -> ConsentTextOut:
    newest = text.newest
    return ConsentTextOut(
        id=text.id, purpose=text.purpose, version=newest.version, sv=newest.sv, en=newest.en
    )
