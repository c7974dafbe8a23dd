"""The plan of a case as a board: goals with their actions, whose state is moved by buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import Stands
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, Seen, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

Reader = Annotated[Staff, opens("mentoring:cases.list")]
Kind = Literal["plan", "aftercare-plan"]
Goals = list[dict[str, Any]]
CHANGES_IN: Mapping[str, frozenset[str]] = {
    "plan": frozenset({"planning", "active"}),
    "aftercare-plan": frozenset({"assessment", "planning", "active", "closing", "aftercare"}),
}
"""In which phases each plan can be changed."""
STATES = ("open", "done", "reached", "dropped")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/plan` and `/aftercare-plan`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}", include_in_schema=False)
    _of(router, desk, "plan")
    _of(router, desk, "aftercare-plan")
    return router


def _of(router: APIRouter, desk: CaseDesk, kind: Kind) -> None:
    @router.get(f"/{kind}", name=f"console_{kind}")
    async def board(request: Request, staff: Reader, case_id: str) -> Response:
        """Goals, and what somebody does by when."""
        return await _show(desk, request, staff, case_id, kind)

    @router.post(f"/{kind}", name=f"console_change_{kind}")
    async def change(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """One thing of the plan; the whole of it is sent, on the version that was seen."""
        goals, version = await _plan(desk, staff, case_id, kind)
        if goals is None:
            goals = []
        wanted = changed(goals, form, new_id)
        # The version that the form was made with: a plan that has changed since is a conflict.
        body, seen = {"goals": wanted}, form.get("version") or version

        async def beside() -> Stands:
            now = await desk.seen(staff, case_id)
            return _beside(desk.pages.words(request), now, kind, goals, wanted)

        try:
            path = f"/v1/cases/{known_id(case_id)}/{kind}"
            await desk.apis.send(
                staff, "PUT", MENTORING, path, body=body, version=seen, beside=beside
            )
        except SaidNo as no:
            return await _show(desk, request, staff, case_id, kind, no, form)
        was = _taken_back(goals, form)
        done = f"done=plan&was={was}" if was else "done=plan"
        return RedirectResponse(f"{CASES}/{case_id}/{kind}?{done}", 303)


def changed(goals: Goals, form: Fields, an_id: Callable[[], str]) -> Goals:
    """The plan with what the form asks for done to it.

    Something that it names and that is gone is left out: the service answers with a conflict.
    """
    new, named = deepcopy(goals), form.get("id", "")
    part = _parts(new).get(named, {})
    match form.get("do", ""):
        case "add-goal":
            new.append({"id": an_id(), "text": form.get("goal", "").strip(), "actions": []})
        case "add-action":
            part.setdefault("actions", []).append({"id": an_id(), **_action(form)})
        case "change-action":
            part.update(_action(form))
        case "set":
            part["state"] = form.get("state", "")
    return new


def _action(form: Fields) -> dict[str, str]:
    return {name: form.get(name, "").strip() for name in ("text", "owner", "due_on")}


def _taken_back(goals: Goals, form: Fields) -> str:
    """What a press on a state has replaced, for the button that takes it back."""
    before = _parts(goals).get(form.get("id", ""))
    if form.get("do") != "set" or form.get("undone") or before is None:
        return ""
    return f"{before['id']}:{before['state']}"


def _undo(request: Request, goals: Goals) -> Mapping[str, str] | None:
    """The form that sets a part to what it was; None unless it is of this plan, and another now."""
    named, _, state = request.query_params.get("was", "").partition(":")
    part = _parts(goals).get(named)
    if part is None or state not in STATES or part["state"] == state:
        return None
    return {"do": "set", "id": named, "state": state, "undone": "yes", "once": new_id()}


def _parts(goals: Goals) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in [*goals, *(a for goal in goals for a in goal["actions"])]}


async def _plan(desk: CaseDesk, staff: Staff, case_id: str, kind: Kind) -> tuple[Goals | None, str]:
    """The goals as they are now, and the case's version; None where there is no plan yet."""
    try:
        found = await desk.of_case(staff, case_id, f"/{kind}")
    except NotFound:
        return None, ""
    return found.data["goals"], found.version


def _beside(say: StaffWords, now: Seen, kind: Kind, goals: Goals, wanted: Goals) -> Stands:
    theirs, mine = _lines(goals), _lines(wanted)
    return Stands(
        over=now.case["pseudonym"],
        version=now.version,
        lines=[
            (say("staff_case_plan_line"), theirs.get(key, "–"), mine.get(key, "–"))
            for key in {**theirs, **mine}
        ],
        back=f"{now.at}/{kind}",
    )


def _lines(goals: Goals) -> dict[str, str]:
    parts = [*goals, *(each for goal in goals for each in goal["actions"])]
    return {
        each["id"]: " · ".join(
            str(each[name]) for name in ("text", "owner", "due_on", "state") if each.get(name)
        )
        for each in parts
    }


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    kind: Kind,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    seen = await desk.seen(staff, case_id)
    try:
        found = (await desk.of_case(staff, case_id, f"/{kind}")).data
    except NotFound:
        found = None
    return desk.show(
        request,
        staff,
        seen,
        "plan",
        no=no,
        wrote=typed(form) if form else None,
        kind=kind,
        plan=found,
        undo=_undo(request, found["goals"]) if found and not no else None,
        owners=["mentee", *(each["username"] for each in seen.case["circle"])],
        changes=_changes(seen, kind),
    )


def _changes(seen: Seen, kind: Kind) -> bool:
    return seen.may("write", "plan") and seen.case["phase"] in CHANGES_IN[kind]
