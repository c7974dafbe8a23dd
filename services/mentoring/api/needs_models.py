"""What matching sees of a case, as it is sent and read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.mentoring.api.case_models import AT
from services.mentoring.api.matching_words import (
    BELONGING,
    WINDOW,
    BelongingModel,
    Codes,
    MatchCode,
    WindowModel,
    Windows,
)
from services.mentoring.domain.matching_needs import MatchingNeeds
from services.mentoring.use_cases.matching_needs import RecordedNeeds

_NEEDS: dict[str, Any] = {
    "languages": ["so", "sv"],
    "first_language": "so",
    "gender": "woman",
    "gender_wish": ["woman"],
    "known_in": BELONGING,
    "avoids": {**BELONGING, "neighbourhoods": []},
    "same_neighbourhood_is_safe": False,
    "wanted_strengths": ["sport"],
    "required_training": ["threat-level-1"],
    "safety_flags": [],
    "availability": [WINDOW],
}


class NeedsIn(BaseModel):
    """What matching is to see of the case: whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _NEEDS})

    languages: Annotated[list[MatchCode], Field(min_length=1, max_length=60)]
    first_language: MatchCode | None = None
    gender: MatchCode = "unknown"
    gender_wish: Codes = Field(default_factory=list)
    known_in: BelongingModel = Field(default_factory=BelongingModel)
    avoids: BelongingModel = Field(default_factory=BelongingModel)
    same_neighbourhood_is_safe: StrictBool = False
    wanted_strengths: Codes = Field(default_factory=list)
    required_training: Codes = Field(default_factory=list)
    safety_flags: Codes = Field(default_factory=list)
    availability: Windows = Field(default_factory=list)

    def needs(self) -> MatchingNeeds:
        """For the domain. Raises TimesOutOfShape."""
        return MatchingNeeds(
            languages=frozenset(self.languages),
            first_language=self.first_language,
            gender=self.gender,
            gender_wish=frozenset(self.gender_wish),
            known_in=self.known_in.belonging(),
            avoids=self.avoids.belonging(),
            same_neighbourhood_is_safe=self.same_neighbourhood_is_safe,
            wanted_strengths=frozenset(self.wanted_strengths),
            required_training=frozenset(self.required_training),
            safety_flags=frozenset(self.safety_flags),
            availability=frozenset(each.window() for each in self.availability),
        )


class NeedsOut(NeedsIn):
    """What matching sees of the case, and who recorded it when."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_NEEDS, "author": "karin.holm", "at": AT}}
    )

    author: str
    at: datetime

    @classmethod
    def of(cls, recorded: RecordedNeeds) -> NeedsOut:
        """From the domain."""
        needs = recorded.needs
        return cls(
            languages=sorted(needs.languages),
            first_language=needs.first_language,
            gender=needs.gender,
            gender_wish=sorted(needs.gender_wish),
            known_in=BelongingModel.of(needs.known_in),
            avoids=BelongingModel.of(needs.avoids),
            same_neighbourhood_is_safe=needs.same_neighbourhood_is_safe,
            wanted_strengths=sorted(needs.wanted_strengths),
            required_training=sorted(needs.required_training),
            safety_flags=sorted(needs.safety_flags),
            availability=WindowModel.all_of(needs.availability),
            author=recorded.author,
            at=recorded.at,
        )
