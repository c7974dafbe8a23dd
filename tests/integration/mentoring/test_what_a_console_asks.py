"""What a page of cases needs in one call each: lists, what waits, what one may do, who has read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.mentoring.test_from_intake_to_aftercare import in_support
from tests.integration.mentoring.world import GRETA, IDRIS, KARIN, SAMIR, TOVE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
GLASS = {"reason": "covering", "text": "Täcker upp.", "minutes": 5}


async def listed(world: World, query: str, by: str = KARIN) -> list[str]:
    """Ids in the order of a list, as its total says too."""
    found = await world.asks(by, "GET", f"/v1/cases?{query}")
    assert found["total"] == len(found["items"])
    return [each["id"] for each in found["items"]]


async def test_a_list_is_narrowed_and_sorted(world: World) -> None:
    """By phase, part of the code words, what one is and what waits; the oldest day first."""
    young = await world.a_case(identity={"birth_date": "2012-05-01"})
    plain = await world.a_case()
    supported = await in_support(world)
    everybody = [supported, plain, young]
    assert await listed(world, "") == everybody
    assert await listed(world, "sort=oldest") == everybody[::-1]
    assert await listed(world, "phase=intake") == [plain, young]
    assert await listed(world, "phase=intake&phase=active") == everybody
    assert await listed(world, "waits=concern-undecided") == [young]
    assert (await listed(world, "sort=urgent"))[0] == young
    assert (await listed(world, "sort=next-review"))[0] == supported
    assert (await listed(world, "sort=-next-review"))[0] == supported, "no day comes last there too"
    assert (await listed(world, "sort=-phase"))[0] == (await listed(world, "sort=phase"))[-1]
    down = await listed(world, "sort=-pseudonym")
    assert down == (await listed(world, "sort=pseudonym"))[::-1]
    words = (await world.case(plain))["pseudonym"]
    assert plain in await listed(world, f"q={words[:5].lower()}")
    assert await listed(world, "q=kim+exempel") == []
    assert await listed(world, "you_are=mentor") == []
    assert await listed(world, "you_are=mentor", IDRIS) == [supported]
    page = await world.asks(KARIN, "GET", "/v1/cases?sort=oldest&limit=1&offset=1")
    assert ([each["id"] for each in page["items"]], page["total"]) == ([plain], 3)


async def test_a_list_is_of_the_cases_as_they_are_now(world: World) -> None:
    """Listed before: a step shows at once, and whoever is out of the circle has it no more."""
    case_id, other = await world.a_case(), await world.a_case()
    path = "/v1/cases?sort=oldest"
    before = await world.asks(KARIN, "GET", path)
    assert [each["phase"] for each in before["items"]] == ["intake", "intake"]
    await world.change(KARIN, "POST", case_id, "/steps", json={"step": "begin-assessment"})
    after = await world.asks(KARIN, "GET", path)
    assert [each["phase"] for each in after["items"]] == ["assessment", "intake"]
    handed = {"leaving": KARIN, "to": TOVE}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    left = await world.asks(KARIN, "GET", path)
    assert [each["id"] for each in left["items"]] == [other]
    assert (await world.asks(TOVE, "GET", path))["items"][0]["version"] == 3


async def test_a_list_tells_nothing_by_how_it_is_narrowed_or_sorted(world: World) -> None:
    """A mentor who sees the plan alone finds no case by what waits in other parts of it."""
    case_id = await in_support(world)
    await world.a_mentor(SAMIR)
    handed = {"leaving": IDRIS, "to": SAMIR}
    await world.change(KARIN, "POST", case_id, "/hand-over", json=handed)
    world.clock.advance(timedelta(days=20))
    assert await listed(world, "waits=contact-missed") == [case_id]
    assert await listed(world, "waits=contact-missed", SAMIR) == []
    [seen] = (await world.asks(SAMIR, "GET", "/v1/cases"))["items"]
    assert (seen["waits"], seen["last_contact_on"]) == ([], None)
    assert [each for each in await world.audited(case_id) if each["rule"] == "list-own"]


@pytest.mark.parametrize("query", ["phase=nowhere", "waits=wonders", "sort=name", f"q={'x' * 61}"])
async def test_what_no_list_knows_is_refused_and_not_repeated(world: World, query: str) -> None:
    """Filters are from closed lists."""
    refused = await world.answer(KARIN, "GET", f"/v1/cases?{query}")
    assert (refused.status_code, query.partition("=")[2] in refused.text) == (422, False)


async def test_a_page_knows_what_its_reader_may_do(world: World) -> None:
    """The answer says it as the policy does, for each as what they are to the case."""
    case_id = await in_support(world)
    may = (await world.case(case_id))["you_may"]
    assert {"hand-over", "propose-closure", "export"} <= set(may["do"])
    assert "reopen" not in may["do"]
    assert (may["read_own"], "identity" in may["read"]) == ([], True)
    mentors = (await world.case(case_id, IDRIS))["you_may"]
    assert mentors == {
        "read": ["contact", "overview", "plan"],
        "read_own": ["meetings", "notes"],
        "write": ["contact"],
        "write_own": ["meetings", "notes"],
        "do": ["list", "raise-concern"],
    }


async def test_a_timeline_says_what_each_step_was(world: World) -> None:
    """Codes, ids and days, newest first when asked; of each only what the reader may read."""
    case_id = await in_support(world)
    path = f"/v1/cases/{case_id}/steps"
    oldest = (await world.asks(KARIN, "GET", path))["items"]
    newest = (await world.asks(KARIN, "GET", f"{path}?sort=newest"))["items"]
    assert newest == oldest[::-1]
    moved = next(each for each in oldest if each["kind"] == "PhaseChanged")
    assert (moved["group"], moved["what"]["after"]) == ("overview", "assessment")
    joined = next(each for each in oldest if each["kind"] == "RelationBegan")
    assert joined["what"]["username"] == IDRIS
    kinds = {each["group"] for each in (await world.asks(IDRIS, "GET", path))["items"]}
    assert kinds <= {"overview", "plan"}


async def test_why_a_case_ended_is_shown_with_its_ending(world: World) -> None:
    """Whoever reads the overview alone sees that it is closing, not how it went."""
    case_id = await in_support(world)
    cases = world.house.ground.database["steps"]
    told = {"fact.reason": "lost-contact"}
    await cases.update_one({"case_id": case_id, "kind": "PhaseChanged"}, {"$set": told})
    for who, shown in ((KARIN, True), (IDRIS, False)):
        answer = await world.answer(who, "GET", f"/v1/cases/{case_id}/steps")
        assert ("lost-contact" in answer.text) == shown


async def test_whoever_answers_for_a_case_sees_who_has_read_it(world: World) -> None:
    """By username, refusals too; not the mentor, and the data-protection contact as well."""
    case_id = await in_support(world)
    await world.answer(TOVE, "GET", f"/v1/cases/{case_id}")
    path = f"/v1/cases/{case_id}/readers"
    found = (await world.asks(KARIN, "GET", path))["items"]
    refused = next(each for each in found if not each["allowed"])
    assert (refused["who"], refused["rule"]) == (TOVE, "may-not-read")
    assert {each["who"] for each in found if each["allowed"]} >= {KARIN}
    assert all(each["subjects"] == [case_id] for each in found)
    await world.asks(IDRIS, "GET", path, 403)
    await world.asks(TOVE, "GET", path, 404)
    assert (await world.asks(GRETA, "GET", path))["total"] > len(found) - 1
    looked = await world.audited(case_id, fields=["access-log"], allowed=True)
    assert {each["rule"] for each in looked} >= {"read:lead"}


async def test_the_auditor_is_told_who_it_was(world: World) -> None:
    """The chain has the subject of a token; the list for the person concerned has a username."""
    case_id = await world.a_case()
    await world.case(case_id)
    found = await world.asks("vera.insyn", "GET", f"/v1/audit/readers?subject={case_id}")
    assert {each["who"] for each in found["items"]} == {KARIN}
    assert KARIN not in {each["actor"] for each in found["items"]}


async def test_a_notice_names_the_case_by_its_words(world: World) -> None:
    """To the lead; to data protection, who sees who looked; not of a protected case to others."""
    case_id = await world.a_case()
    words = (await world.case(case_id))["pseudonym"]
    await world.asks(TOVE, "POST", f"/v1/cases/{case_id}/break-glass", 201, json=GLASS)
    for who in (KARIN, GRETA):
        [notice] = (await world.asks(who, "GET", "/v1/attention"))["items"]
        assert (notice["case_id"], notice["pseudonym"]) == (case_id, words)
        assert await world.audited(case_id, rule="own-notices", actor=f"sub-{who}")
    await world.change(KARIN, "PUT", case_id, "/protection", json={"named": [KARIN]})
    [hidden] = (await world.asks(GRETA, "GET", "/v1/attention"))["items"]
    assert hidden["pseudonym"] is None


async def test_minority_ends_on_the_birthday(world: World) -> None:
    """What a case says of age follows the day in Malmö; unknown is said to be unknown."""
    young = await world.a_case(identity={"birth_date": "2009-01-12"})
    numbered = await world.a_case(identity={"birth_date": None, "personal_number": "201205012386"})
    unknown = await world.a_case(identity={"birth_date": None})
    before = [(await world.case(each))["minor"] for each in (young, numbered, unknown)]
    assert before == [True, True, None]
    world.clock.advance(timedelta(days=1))
    assert (await world.case(young))["minor"] is False


async def test_whose_age_is_unknown_is_worried_about(world: World) -> None:
    """No worry is turned away because nobody asked for a birth date yet."""
    case_id = await world.a_case(identity={"birth_date": None})
    path = f"/v1/cases/{case_id}/concern"
    await world.asks(KARIN, "POST", path, 200, json={"text": "Hen mår dåligt."})
    case = await world.case(case_id)
    assert (case["concern"], case["waits"]) == ("undecided", ["concern-undecided"])


async def test_a_plan_of_dropped_goals_lets_nobody_go(world: World) -> None:
    """There is an aftercare plan on file, and not one goal in it that anybody works towards."""
    case_id = await in_support(world)
    goal = {"id": "m1", "text": "Ett mål", "state": "dropped", "actions": []}
    await world.change(KARIN, "PUT", case_id, "/aftercare-plan", json={"goals": [goal]})
    closing: dict[str, Any] = {
        "outcome": "goals-reached",
        "text": "Klart.",
        "review_on": "2027-09-01",
        "until": "2027-12-01",
        "aftercare_lead": KARIN,
    }
    refused = await world.change(KARIN, "POST", case_id, "/closure", 409, json=closing)
    assert refused["type"].endswith("aftercare-plan-missing")


async def test_forms_are_told_what_can_be_chosen(world: World) -> None:
    """Every closed list in both languages, and the newest wording of each consent."""
    found = await world.asks(SAMIR, "GET", "/v1/choices")
    reasons = {each["code"] for each in found["lists"]["break-glass-reason"]}
    assert reasons == {"cannot-consent", "threat-to-life", "covering", "confirm-identity"}
    everything = [each for choices in found["lists"].values() for each in choices]
    assert all(each["sv"] and each["en"] for each in everything)
    assert {each["purpose"] for each in found["consent_texts"]} == set(found["shareable"])


async def test_in_an_emergency_the_code_words_are_enough(world: World) -> None:
    """Whoever is called has no id: the words open, are recorded, and nobody's words are unknown."""
    case_id = await world.a_case()
    words = (await world.case(case_id))["pseudonym"]
    asked = {**GLASS, "pseudonym": words.lower()}
    await world.asks(IDRIS, "POST", "/v1/break-glass", 403, json=asked)
    opened = await world.asks(TOVE, "POST", "/v1/break-glass", 201, json=asked)
    assert opened["case_id"] == case_id
    assert (await world.case(case_id, TOVE))["you_are"] == ["break-glass"]
    nobodys = {**GLASS, "pseudonym": "Ingen-Alls"}
    refused = await world.answer(TOVE, "POST", "/v1/break-glass", json=nobodys)
    assert (refused.status_code, "Alls" in refused.text) == (404, False)
    found = await world.rows("notices", case_id=case_id)
    assert {each["for"] for each in found} == {KARIN, "data-protection"}
