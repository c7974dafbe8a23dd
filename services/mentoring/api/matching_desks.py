"""The desks of matching: mentors, the handbook, a case's needs, and who could mentor whom."""

from __future__ import annotations

from fastapi import APIRouter

from services.mentoring.api import handbook, matchings, mentors
from services.mentoring.house import House
from services.mentoring.use_cases.change_mentor import ChangeMentor, PutMentor
from services.mentoring.use_cases.decide_match import DecideMatch
from services.mentoring.use_cases.handbook import ConfirmHandbook, SeeHandbook
from services.mentoring.use_cases.make_matching import MakeMatching
from services.mentoring.use_cases.matching_needs import ReadNeeds, RecordNeeds
from services.mentoring.use_cases.pairing import Pairing
from services.mentoring.use_cases.see_matching import ListMatchings, SeeMatching
from services.mentoring.use_cases.see_mentors import (
    ListMentors,
    SeeMentor,
    SeeOwnProfile,
    Standing,
)


def pairing_of(house: House) -> Pairing:
    """What asks the hard constraints wherever a mentor comes into a circle."""
    stores = house.stores
    return Pairing(stores.matching_needs, stores.mentors, _standing(house), house.ground.audit)


def routers_of(house: House) -> list[APIRouter]:
    """All of them."""
    standing = _standing(house)
    return [_mentors(house, standing), _handbook(house), _matchings(house, standing)]


def _standing(house: House) -> Standing:
    return Standing(house.stores.cases, house.stores.handbooks, house.ground.clock)


def _mentors(house: House, standing: Standing) -> APIRouter:
    stores, ledger, ground = house.stores, house.work.ledger, house.ground
    audit = ground.audit
    return mentors.routes(
        mentors.MentorDesk(
            ListMentors(stores.mentors, standing, audit),
            SeeMentor(stores.mentors, standing, audit),
            SeeOwnProfile(stores.mentors, standing, audit),
            PutMentor(stores.mentors, stores.handbooks, ledger, audit, ground.clock),
            ChangeMentor(stores.mentors, ledger, audit, ground.clock),
        )
    )


def _handbook(house: House) -> APIRouter:
    stores, ledger, ground = house.stores, house.work.ledger, house.ground
    return handbook.routes(
        handbook.HandbookDesk(
            SeeHandbook(stores.handbooks),
            ConfirmHandbook(stores.handbooks, stores.mentors, ledger, ground.audit, ground.clock),
        )
    )


def _matchings(house: House, standing: Standing) -> APIRouter:
    work, disclosing, stores = house.work, house.disclosing, house.stores
    needs, known, kept = stores.matching_needs, stores.mentors, stores.matchings
    decisions = stores.matching_decisions
    return matchings.routes(
        matchings.MatchingDesk(
            RecordNeeds(work, needs),
            ReadNeeds(disclosing, needs),
            MakeMatching(disclosing, needs, known, standing, kept, work.ledger),
            ListMatchings(disclosing, kept),
            SeeMatching(disclosing, kept, decisions, needs, known),
            DecideMatch(work, kept, decisions, needs, known, pairing_of(house)),
        )
    )
