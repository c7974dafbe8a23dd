"""What a list of cases is narrowed to and sorted by, in the query."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from services.mentoring.domain.phases import Phase
from services.mentoring.domain.rights import RelationKind
from services.mentoring.domain.waiting import WAITS, Wait
from services.mentoring.use_cases.list_cases import CasesWanted, Order


def _wanted(
    phase: Annotated[
        list[Phase], Query(max_length=9, description="Bara ärenden i de här skedena.")
    ] = [],  # noqa: B006 - FastAPI copies it
    q: Annotated[
        str, Query(max_length=60, description="En del av kodordsparet. Aldrig ett namn.")
    ] = "",
    you_are: Annotated[
        list[RelationKind], Query(max_length=7, description="Bara där du är något av det här.")
    ] = [],  # noqa: B006
    waits: Annotated[
        list[Wait], Query(max_length=len(WAITS), description="Bara där något av det här väntar.")
    ] = [],  # noqa: B006
    sort: Annotated[
        Order,
        Query(
            description="urgent: det som brådskar mest först. next-review och last-contact: "
            "äldsta dagen först, det som saknar dag sist. Med - framför: åt andra hållet."
        ),
    ] = "newest",
) -> CasesWanted:
    return CasesWanted(frozenset(phase), q, frozenset(you_are), frozenset(waits), sort)


Wanted = Annotated[CasesWanted, Depends(_wanted)]
"""From the query."""
