"""How answers are given: the same bytes for the first request and for its copies, and no text."""

from __future__ import annotations

import json
from collections.abc import Callable

from services.mentoring.api.case_models import CaseChanged
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from shared.web.etags import etag
from shared.web.idempotency import Answer


def case_answer(status: int = 200) -> Callable[[Case], Answer]:
    """That the case was changed, with its ETag."""

    def present(case: Case) -> Answer:
        headers = {"ETag": etag(case.version)}
        if status == 201:
            headers["Location"] = f"/v1/cases/{case.id}"
        return Answer.of(status, CaseChanged.of(case), headers)

    return present


def made_answer(case: Case, made: str) -> Answer:
    """That something was added to the case (201), with the id of it and the case's ETag."""
    return Answer.of(201, CaseChanged.of(case, made), {"ETag": etag(case.version)})


def about(answer: Answer) -> CaseId:
    """Which case an answer of these is about."""
    return CaseId(json.loads(answer.body)["id"])
