"""The HTTP app: every route of the service, its policy and its refusals.

The desks stand by what somebody can ask for: `<what>_desks.py` puts use cases and routes together.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from services.mentoring.api import (
    care_desks,
    case_desks,
    choices,
    intake_desks,
    matching_desks,
    statistics,
    work_desks,
)
from services.mentoring.api.refusals import STATUSES
from services.mentoring.consent_texts import all_consent_texts
from services.mentoring.house import House
from services.mentoring.policy import PERMISSIONS
from services.mentoring.questionnaires import all_questionnaires
from services.mentoring.settings import HttpSettings
from services.mentoring.use_cases.publish_statistics import PublishStatistics, SeeStatistics
from shared.house.app import app_on


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its primaries and the audit; needs no broker."""
    routers = [
        *case_desks.routers_of(house),
        *work_desks.routers_of(house),
        *care_desks.routers_of(house),
        *intake_desks.routers_of(house),
        *matching_desks.routers_of(house),
        choices.routes(all_questionnaires(), all_consent_texts()),
        _statistics(house),
    ]
    return app_on(
        house,
        settings,
        routers,
        permissions=PERMISSIONS,
        refusals=STATUSES,
        also_known_as=house.stores.referrals.of_case,
    )


def _statistics(house: House) -> APIRouter:
    kept, ledger = house.stores.statistics, house.work.ledger
    return statistics.routes(
        statistics.StatisticsDesk(
            SeeStatistics(kept), PublishStatistics(kept, ledger, house.ground.clock)
        )
    )
