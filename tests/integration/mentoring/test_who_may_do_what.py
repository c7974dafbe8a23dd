"""Every role, in every relation, in every phase, at every route of a case: as the sentences say.

What is expected comes from `tests/unit/mentoring/rules_in_words.py`, written from the description
of the work; the case is put into the database as it would stand there.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, NamedTuple, cast

import httpx
import pytest

from services.mentoring import policy
from services.mentoring.domain.case import BreakGlass, Case, Relation
from services.mentoring.domain.ids import GlassId
from services.mentoring.domain.phases import Phase
from services.mentoring.domain.rights import GRANTABLE
from services.mentoring.storage.documents import case_document, case_of
from tests.integration.mentoring.test_from_intake_to_aftercare import GOALS, in_support
from tests.integration.mentoring.weighed_routes import (
    CASES,
    CONSENT,
    ONE,
    ROUTES,
    SHARE,
    Asked,
)
from tests.integration.mentoring.world import KARIN, World
from tests.unit.mentoring import casework
from tests.unit.mentoring.casework import HOUR, IDRIS, NOW, OMAR, SARA, STRANGER, VERA
from tests.unit.mentoring.rules_in_words import PHASES, RELATIONS, ROLES, Cell, given_by

pytestmark = pytest.mark.asyncio(loop_scope="session")

WHO = {
    "lead": casework.KARIN,
    "stand-in": OMAR,
    "mentor": IDRIS,
    "aftercare": VERA,
    "second": SARA,
    "break-glass": STRANGER,
    "none": casework.DORA,
}
"""Relation → who has it. Everybody is around the case in every phase, so that it alone decides."""
CIRCLE = tuple(
    Relation(username, kind, NOW, GRANTABLE)  # type: ignore[arg-type]
    for kind, username in WHO.items()
    if kind not in {"break-glass", "none"}
)
JUDGED = GlassId("0199c0de-0000-7000-8000-0000000000f1")
GLASSES = (
    BreakGlass(
        *(GlassId("0199c0de-0000-7000-8000-0000000000f2"), STRANGER, "covering", 60),
        *(NOW - HOUR / 2, NOW - HOUR / 2, NOW + HOUR / 2),
    ),
    BreakGlass(JUDGED, OMAR, "covering", 5, NOW - 2 * HOUR, NOW - 2 * HOUR, NOW - HOUR),
)
NOWHERE = "0199c0de-0000-7000-8000-00000000dead"
FEW = 40
AT_ONCE = 4


class Question(NamedTuple):
    """One cell over HTTP."""

    role: str
    relation: str
    phase: str
    asked: Asked

    @property
    def expected(self) -> bool:
        """What the sentences say: by the relation, or by the role alone."""
        what = (self.phase, self.asked.action, self.asked.group)
        as_what = {self.relation, "none"}
        return any(Cell(self.role, relation, *what) in given_by() for relation in as_what)


def every_question() -> list[Question]:
    return [Question(*each) for each in product(ROLES, RELATIONS, PHASES, ROUTES)]


def some_questions(seed: int) -> list[Question]:
    """Of each route a yes, a no and a stranger's no; then more of both kinds."""
    chance, every = random.Random(seed), every_question()
    chance.shuffle(every)
    kinds: dict[tuple[Asked, bool, bool], Question] = {}
    for each in every:
        kinds.setdefault((each.asked, each.expected, each.relation == "none"), each)
    granted = [each for each in every if each.expected]
    refused = [each for each in every if not each.expected]
    return list(dict.fromkeys([*kinds.values(), *granted[:FEW], *refused[:FEW]]))


@dataclass
class Stand:
    """One real person with a case that is put into any phase, and asked about by anybody."""

    world: World
    case: Case
    ids: dict[str, str]
    asked: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[tuple[object, ...]] = field(default_factory=list)

    async def put(self, phase: str) -> None:
        """The case as it would stand in the database in that phase, everybody around it."""
        self.asked += 1
        # As whatever changes a case does: lists read again what has another version.
        self.case = replace(self.case, version=self.case.version + 1)
        known = {name: getattr(self.case, name) for name in _KEPT}
        case = casework.case_in(
            cast("Phase", phase),
            **known,
            circle=CIRCLE,
            glasses=GLASSES,
            # A step has a number of its own; no two tries may make the same.
            sequence=1000 + 10 * self.asked,
        )
        cases = self.world.house.ground.database["cases"]
        await cases.replace_one({"_id": case.id}, case_document(case))

    async def answer(self, question: Question, case_id: str) -> httpx.Response:
        asked, username = question.asked, WHO[question.relation]
        path = asked.path.format(**{**self.ids, "case_id": case_id})
        headers = self.world.signed_in(question.role, username)
        headers["If-Match"] = f'"{self.case.version}"'
        return await self.world.client.request(
            asked.method, path + asked.query, headers=headers, json=asked.body
        )

    async def ask(self, question: Question) -> None:
        """One question; what is wrong with the answer is noted."""
        await self.put(question.phase)
        answer = await self.answer(question, self.case.id)
        kind = _kind(answer)
        if question.asked.path == CASES:
            listed = self.case.id in {each["id"] for each in answer.json()["items"]}
            right = listed == question.expected
        elif question.expected:
            right = answer.status_code < 500 and kind not in {"forbidden", "not-found"}
        else:
            self.refused[question.role, f"may-not-{question.asked.action}"] += 1
            right = await self.is_refused(question, answer)
        if not right:
            self.wrong.append((*question, question.expected, answer.status_code, kind))

    async def is_refused(self, question: Question, answer: httpx.Response) -> bool:
        """Whoever has a part in it is told no; a stranger gets the answer of an unknown id."""
        if question.relation != "none":
            return (answer.status_code, _kind(answer)) == (403, "forbidden")
        nowhere = await self.answer(question, NOWHERE)
        return answer.status_code == 404 and _said(answer) == _said(nowhere)


_KEPT = ("id", "pseudonym", "person_id", "recipient_id", "version")


def _kind(answer: httpx.Response) -> str:
    problem = answer.status_code >= 400
    return str(answer.json()["type"]).rpartition("/")[2] if problem else ""


def _said(answer: httpx.Response) -> dict[str, object]:
    """All that an answer tells but what the asker wrote themselves."""
    told = {name: each for name, each in answer.json().items() if name != "instance"}
    return {**told, "headers": sorted(set(answer.headers) - {"date"})}


async def a_stand(world: World) -> Stand:
    """With something of everything on file, so that a yes has something to show."""
    case_id = await in_support(world)
    put: dict[str, Any] = {"/aftercare-plan": {"goals": GOALS}}
    put["/matching-needs"] = {"languages": ["sv"]}
    for what, body in put.items():
        await world.change(KARIN, "PUT", case_id, what, json=body)
    ids = {"glass_id": str(JUDGED), "username": str(SARA)}
    later = {"starts_local": "2027-03-20T15:00", "minutes": 60, "staff": [KARIN]}
    posted: dict[str, Any] = {"notes": {"text": "Hej."}, "meetings": later, "consents": CONSENT}
    for what, body in posted.items():
        ids[f"{what[:-1]}_id"] = await made(world, case_id, what, body)
    share = {**SHARE, "consent_id": ids["consent_id"]}
    ids["share_id"] = await made(world, case_id, "shares", share)
    stored = await world.house.ground.database["cases"].find_one({"_id": case_id})
    assert stored is not None
    return Stand(world, case_of(stored), ids)


async def made(world: World, case_id: str, what: str, body: Any) -> str:
    """Something that the lead adds; its id."""
    added = await world.asks(KARIN, "POST", f"{CASES}/{case_id}/{what}", 201, json=body)
    return str(added.get("made") or added["id"])


async def everybody_tries(world: World, questions: Sequence[Question]) -> list[Stand]:
    """Each question once, several cases at a time."""
    stands = [await a_stand(world) for _ in range(AT_ONCE)]
    world.clock.advance(NOW - world.clock.now())
    todo: Iterator[Question] = iter(questions)

    async def one_after_the_other(stand: Stand) -> None:
        for question in todo:
            await stand.ask(question)

    await asyncio.gather(*map(one_after_the_other, stands))
    return stands


async def no_trace_is_missing(stand: Stand) -> bool:
    """Each refusal is in the audit: by whom, of what, not allowed."""
    rows = stand.world.house.ground.audit._database["entries"]
    found = [each async for each in rows.find({"subjects": stand.case.id, "allowed": False})]
    kept = Counter((each["roles"][0], each["rule"]) for each in found)
    return kept == stand.refused


async def test_the_sample_has_everything() -> None:
    """Each route is asked by somebody who may, and by strangers and insiders who may not."""
    sample = some_questions(11)
    assert 200 < len(sample) < 500
    assert {each.asked for each in sample if each.expected} == set(ROUTES)
    for stranger in (True, False):
        refused = (e for e in sample if not e.expected and (e.relation == "none") == stranger)
        assert {each.asked for each in refused} == set(ROUTES)


async def test_the_routes_do_what_the_sentences_say(world: World) -> None:
    """Some hundred cells of role, relation, phase and route; every no leaves a trace."""
    for stand in await everybody_tries(world, some_questions(11)):
        assert stand.wrong == []
        assert await no_trace_is_missing(stand)


async def test_one_right_too_many_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with a single further right in the table, the answers are wrong."""
    stand = await a_stand(world)
    notes = next(each for each in ROUTES if each.route == ("GET", f"{ONE}/notes"))
    question = Question("mentor", "none", "active", notes)
    await stand.ask(question)
    assert stand.wrong == []
    more = policy._CELLS | {("mentor", "none", "active", "read", "notes")}
    monkeypatch.setattr(policy, "_CELLS", more)
    await stand.ask(question)
    assert len(stand.wrong) == 1


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
async def test_every_cell_of_the_table_over_http(world: World, role: str) -> None:
    """The full cross product, role by role."""
    questions = [each for each in every_question() if each.role == role]
    for stand in await everybody_tries(world, questions):
        assert stand.wrong == []
        assert await no_trace_is_missing(stand)
