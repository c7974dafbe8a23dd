"""Mentors as they are sent and read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.mentoring.api.case_models import Text
from services.mentoring.api.matching_words import (
    BELONGING,
    WINDOW,
    BelongingModel,
    Codes,
    MatchCode,
    WindowModel,
    Windows,
)
from services.mentoring.domain.matching_cases import OBSTACLES, Offered
from services.mentoring.domain.mentor import MentorProfile
from services.mentoring.use_cases.change_mentor import ProfileWanted
from services.mentoring.use_cases.mentors import KnownMentor
from shared.web.days import Day
from shared.web.whole_number import WholeNumber

_PROFILE: dict[str, Any] = {
    "languages": ["sv", "so"],
    "limit": 2,
    "strengths": ["sport"],
    "gender": "man",
    "gender_wish": [],
    "known_in": BELONGING,
    "avoids": {**BELONGING, "neighbourhoods": []},
    "cleared_for": ["threat"],
    "notes": "",
}
_OBSTACLE: dict[str, Any] = {
    "code": "handbook",
    "sv": OBSTACLES["handbook"][0],
    "en": OBSTACLES["handbook"][1],
}
_STANDING: dict[str, Any] = {"username": "idris.vik", "obstacles": [_OBSTACLE], "version": 3}
_OWN: dict[str, Any] = {
    **{name: value for name, value in _PROFILE.items() if name != "notes"},
    **_STANDING,
    "availability": [WINDOW],
    "paused_until": None,
    "training": [{"code": "threat-level-1", "until": "2028-01-01"}],
    "background_checked_on": "2027-01-04",
    "handbook_edition": 2,
}


class ProfileModel(BaseModel):
    """What both a change and a reading of a profile have."""

    languages: Annotated[list[MatchCode], Field(min_length=1, max_length=60)]
    limit: WholeNumber = Field(ge=0, le=5, description="högsta antal adepter")
    strengths: Codes = Field(default_factory=list)
    gender: MatchCode = "unknown"
    gender_wish: Codes = Field(default_factory=list)
    known_in: BelongingModel = Field(default_factory=BelongingModel)
    avoids: BelongingModel = Field(default_factory=BelongingModel)
    cleared_for: Codes = Field(default_factory=list)


class ProfileIn(ProfileModel):
    """A mentor's profile as a case-lead writes it: whole. `notes` is not shown to the mentor."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _PROFILE})

    notes: Text = ""

    def wanted(self) -> ProfileWanted:
        """For the use case."""
        return ProfileWanted(
            languages=frozenset(self.languages),
            limit=self.limit,
            strengths=frozenset(self.strengths),
            gender=self.gender,
            gender_wish=frozenset(self.gender_wish),
            known_in=self.known_in.belonging(),
            avoids=self.avoids.belonging(),
            cleared_for=frozenset(self.cleared_for),
            notes=self.notes,
        )


class ObstacleOut(BaseModel):
    """What stands in the way of a new mentee."""

    model_config = ConfigDict(json_schema_extra={"example": _OBSTACLE})

    code: str
    sv: str
    en: str

    @classmethod
    def all_of(cls, codes: Sequence[str]) -> list[ObstacleOut]:
        """In words."""
        return [cls(code=each, sv=OBSTACLES[each][0], en=OBSTACLES[each][1]) for each in codes]


class AvailabilityIn(BaseModel):
    """All times of the week at which the mentor can meet."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"availability": [WINDOW]}}
    )

    availability: Windows


class PauseIn(BaseModel):
    """The last day of the pause; null ends it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"until": "2027-03-01"}}
    )

    until: Day | None


class TrainingIn(BaseModel):
    """The last day on which the training is valid; null for ever."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"until": "2028-01-01"}}
    )

    until: Day | None = None


class CheckIn(BaseModel):
    """The day on which the background check was shown."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2027-01-04"}})

    on: Day


class MentorChangedOut(BaseModel):
    """That it was done. What the profile is now is read, and the reading is written down."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"username": "idris.vik", "version": 4}}
    )

    username: str
    version: int

    @classmethod
    def of(cls, profile: MentorProfile) -> MentorChangedOut:
        """From the domain."""
        return cls(username=profile.username, version=profile.version)


class StandingOut(BaseModel):
    """A mentor in the list. How many mentees they have is not told."""

    model_config = ConfigDict(json_schema_extra={"example": _STANDING})

    username: str
    obstacles: list[ObstacleOut]
    version: int

    @classmethod
    def of(cls, offered: Offered) -> StandingOut:
        """From the domain."""
        return cls(**_standing(offered))


class TrainingModel(BaseModel):
    """A training, valid through a day, or for ever."""

    model_config = ConfigDict(json_schema_extra={"example": _OWN["training"][0]})

    code: str
    until: date | None


class OwnProfileOut(ProfileModel):
    """A mentor's profile as the mentor sees it."""

    model_config = ConfigDict(json_schema_extra={"example": _OWN})

    username: str
    obstacles: list[ObstacleOut]
    version: int
    availability: list[WindowModel]
    paused_until: date | None
    training: list[TrainingModel]
    background_checked_on: date | None
    handbook_edition: int

    @classmethod
    def of(cls, seen: tuple[KnownMentor, Offered]) -> OwnProfileOut:
        """From the domain."""
        return cls(**_whole(*seen))


class MentorOut(OwnProfileOut):
    """A mentor's whole profile."""

    model_config = ConfigDict(json_schema_extra={"example": {**_OWN, "notes": "…"}})

    notes: str

    @classmethod
    def of(cls, seen: tuple[KnownMentor, Offered]) -> MentorOut:
        """From the domain."""
        return cls(**_whole(*seen), notes=seen[0].notes)


def _standing(offered: Offered) -> dict[str, Any]:
    profile = offered.profile
    return {
        "username": profile.username,
        "obstacles": ObstacleOut.all_of(offered.obstacles),
        "version": profile.version,
    }


def _whole(known: KnownMentor, offered: Offered) -> dict[str, Any]:
    profile = known.profile
    trainings = sorted((each.code, each.until) for each in profile.training)
    return {
        **_standing(offered),
        "languages": sorted(profile.languages),
        "limit": profile.limit,
        "strengths": sorted(profile.strengths),
        "gender": profile.gender,
        "gender_wish": sorted(profile.gender_wish),
        "known_in": BelongingModel.of(profile.known_in),
        "avoids": BelongingModel.of(profile.avoids),
        "cleared_for": sorted(profile.cleared_for),
        "availability": WindowModel.all_of(profile.availability),
        "paused_until": profile.paused_until,
        "training": [TrainingModel(code=code, until=until) for code, until in trainings],
        "background_checked_on": profile.background_checked_on,
        "handbook_edition": profile.handbook_edition,
    }
