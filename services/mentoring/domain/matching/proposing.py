"""A round's answer: who could be whose mentor, why, and why not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np

from services.mentoring.domain.matching.constraints import codes_of, forbidden
from services.mentoring.domain.matching.people import Mentee, Mentor
from services.mentoring.domain.matching.result import Broken, Matching, Proposal
from services.mentoring.domain.matching.rounds import Pair, Round
from services.mentoring.domain.matching.solved import NOBODY, Solved, solve
from services.mentoring.domain.matching.why_not import why_not


def propose(asked: Round) -> Matching:
    """The best answer to a round, the same whatever order its people were told in.

    Seconds of computing for thousands of people: call it in a thread.
    """
    solved = solve(asked)
    return Matching(
        objective=asked.objective.value,
        proposals=_proposals(solved),
        unmatched=why_not(solved),
        broken=_broken(solved),
    )


def what_forbids(
    mentee: Mentee,
    mentor: Mentor,
    *,
    on: date,
    conflicts: Collection[Pair] = (),
    check_days: int = 365,
) -> tuple[str, ...]:
    """The codes of the constraints that a new pair would break; a human's choice asks this too."""
    asked = Round((mentee,), (mentor,), on, conflicts=frozenset(conflicts), check_days=check_days)
    return codes_of(int(forbidden(asked)[0, 0]))


def _proposals(solved: Solved) -> tuple[Proposal, ...]:
    return tuple(
        Proposal(
            mentee=solved.asked.mentees[row].id,
            mentor=solved.asked.mentors[column].id,
            fit=int(solved.fit.points[row, column]),
            kept=bool(solved.existing[row, column]),
            why=solved.fit.why(row, column),
        )
        for row, column in enumerate(solved.answer.tolist())
        if column != NOBODY
    )


def _broken(solved: Solved) -> tuple[Broken, ...]:
    mentees, mentors = solved.asked.mentees, solved.asked.mentors
    return tuple(
        Broken(mentees[row].id, mentors[column].id, codes_of(int(solved.marks[row, column])))
        for row, column in np.argwhere(solved.existing).tolist()
        if solved.answer[row] != column
    )
