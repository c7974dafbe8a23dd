"""One case in any phase, and the people around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.mentoring.domain.case import (
    Aftercare,
    Case,
    ClosureProposal,
    Concern,
    Relation,
)
from services.mentoring.domain.ids import CaseId, PersonId, Username
from services.mentoring.domain.opening import open_case
from services.mentoring.domain.phases import LIVING, SUPPORT, Phase
from services.mentoring.domain.rights import GRANTABLE, PLAN_ONLY
from shared.kernel.actor import Actor
from shared.kernel.ids import RecipientId

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
TODAY = date(2027, 3, 10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

KARIN = Username("karin.holm")
OMAR = Username("omar.stand-in")
IDRIS = Username("idris.vik")
SARA = Username("sara.second")
VERA = Username("vera.aftercare")
DORA = Username("dora.data")
STRANGER = Username("nils.stranger")
PEOPLE = (KARIN, OMAR, IDRIS, SARA, VERA, DORA, STRANGER)


def actor(username: str, *roles: str) -> Actor:
    return Actor(kind="staff", id=f"sub-{username}", roles=frozenset(roles), username=username)


def opened(**wishes: Any) -> Case:
    """A case in intake, as it begins, of somebody who came of age yesterday."""
    wanted: dict[str, Any] = {
        "pseudonym": "Björk-Lykta",
        "person_id": PersonId("person"),
        "recipient_id": RecipientId("recipient"),
        "lead": KARIN,
        "minor_until": TODAY - DAY,
        "by": KARIN,
        "now": NOW,
    }
    return open_case(CaseId("case"), **(wanted | wishes))[0]


def circle_in(phase: Phase) -> tuple[Relation, ...]:
    """A full circle, as far as the phase has one."""
    if phase not in LIVING:
        return ()
    found = [
        Relation(KARIN, "lead", NOW, GRANTABLE),
        Relation(OMAR, "stand-in", NOW, GRANTABLE),
        Relation(SARA, "second", NOW, GRANTABLE),
    ]
    if phase in SUPPORT:
        found.append(Relation(IDRIS, "mentor", NOW, PLAN_ONLY))
    if phase == "aftercare":
        found.append(Relation(VERA, "aftercare", NOW, PLAN_ONLY))
    return tuple(found)


def closure() -> ClosureProposal:
    """Proposed by the lead, coming from support."""
    return ClosureProposal(
        proposed_by=KARIN,
        at=NOW,
        outcome="goals-reached",
        plan_version=1,
        review_on=TODAY + 30 * DAY,
        until=TODAY + 180 * DAY,
        aftercare_lead=KARIN,
        aftercare_circle=frozenset({VERA}),
        came_from="active",
    )


def case_in(phase: Phase, **wishes: Any) -> Case:
    """A case that has all that any command of its phase could ask for."""
    ended = phase in {"archived", "declined"}
    ready = replace(
        opened(),
        phase=phase,
        circle=circle_in(phase),
        assessment_version=1,
        plan_version=1,
        plan_goals=1,
        aftercare_plan_version=1,
        aftercare_goals=1,
        next_review_on=TODAY + 30 * DAY,
        contact_from=TODAY,
        closure=closure() if phase == "closing" else None,
        aftercare=Aftercare(TODAY + 30 * DAY, TODAY + 180 * DAY, "goals-reached", (KARIN, SARA))
        if phase == "aftercare"
        else None,
        retention_until=TODAY if ended else None,
        concern=Concern(),
    )
    return replace(ready, **wishes)
