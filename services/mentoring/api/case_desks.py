"""The desks of cases: what there is, who stands around it, and taking it out."""

from __future__ import annotations

from fastapi import APIRouter

from services.mentoring.api import (
    break_glass,
    cases,
    circle,
    decisions,
    export,
    matching_desks,
)
from services.mentoring.house import House
from services.mentoring.use_cases.advance_case import AdvanceCase
from services.mentoring.use_cases.case_file import Agreements, whole_file
from services.mentoring.use_cases.change_circle import Assign, HandOver, SayLeadIsAway, Unassign
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.export_case import ExportCase
from services.mentoring.use_cases.list_cases import ListCases
from services.mentoring.use_cases.open_case import OpenCase
from services.mentoring.use_cases.open_glass import (
    ConfirmGlass,
    EndGlass,
    FindByWords,
    OpenGlass,
    ReviewGlass,
)
from services.mentoring.use_cases.read_decisions import ReadClosure, ReadGlasses, ReadWords
from services.mentoring.use_cases.see_case import SeeCase, SeeSteps
from services.mentoring.use_cases.see_readers import SeeReaders


def routers_of(house: House) -> list[APIRouter]:
    """All of them."""
    work, disclosing, stores = house.work, house.disclosing, house.stores
    pairing = matching_desks.pairing_of(house)
    return [
        cases.routes(
            cases.CaseDesk(
                ListCases(disclosing),
                SeeCase(disclosing),
                SeeSteps(disclosing, stores.steps),
                AdvanceCase(work),
                OpenCase(work, stores.identities, ContactCards(house.keys)),
            )
        ),
        circle.routes(
            circle.CircleDesk(
                Assign(work, pairing), Unassign(work), HandOver(work, pairing), SayLeadIsAway(work)
            )
        ),
        break_glass.routes(
            break_glass.GlassDesk(
                OpenGlass(work, stores.break_glasses),
                FindByWords(stores.cases),
                ConfirmGlass(work),
                EndGlass(work),
                ReviewGlass(work, stores.break_glasses),
            )
        ),
        decisions.routes(
            decisions.DecisionDesk(
                SeeReaders(disclosing, stores.referrals, house.ground.names),
                ReadGlasses(disclosing, stores.break_glasses),
                ReadClosure(disclosing, stores.closures),
                ReadWords(disclosing, stores.concerns, "contact"),
                ReadWords(disclosing, stores.override_words, "consents"),
            )
        ),
        _export(house),
    ]


def _export(house: House) -> APIRouter:
    """A case, taken out whole."""
    stores = house.stores
    consents = stores.consents
    agreed: dict[str, Agreements] = {"consents": consents.consents_of, "shares": consents.shares_of}
    hanging = [(each.group, each) for each in stores.hanging]
    parts = whole_file(stores.steps, stores.identities, agreed, hanging)
    return export.routes(ExportCase(house.disclosing, parts))
