"""Who could be whose mentor: proposals with reasons, for a human to decide.

`propose(round_)` answers a `Round` with a `Matching`; `what_forbids(...)` answers for one pair that
a human chose. Pairs that a hard constraint forbids are taken out before anything is solved.
Only this package may know numpy and scipy (decision 0016).
"""

from services.mentoring.domain.matching.constraints import CONSTRAINTS, Constraint
from services.mentoring.domain.matching.people import Mentee, Mentor, Training, Window
from services.mentoring.domain.matching.proposing import propose, what_forbids
from services.mentoring.domain.matching.result import (
    Broken,
    Matching,
    Proposal,
    Relaxation,
    ScorePart,
    WhyNot,
)
from services.mentoring.domain.matching.rounds import Objective, Pair, Round, TooManyAtOnce

__all__ = [
    "CONSTRAINTS",
    "Broken",
    "Constraint",
    "Matching",
    "Mentee",
    "Mentor",
    "Objective",
    "Pair",
    "Proposal",
    "Relaxation",
    "Round",
    "ScorePart",
    "TooManyAtOnce",
    "Training",
    "WhyNot",
    "Window",
    "propose",
    "what_forbids",
]
