"""What a round answers: frozen, ordered by id, and plain enough for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One reason why two people suit each other: `points` of at most `most`."""

    code: str
    points: int
    most: int
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair to decide about. `fit` is the sum of the parts; `kept` says that they already meet."""

    mentee: str
    mentor: str
    fit: int
    kept: bool
    why: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Lifting these constraints (one or two codes), for this mentee only, gives them a mentor.

    `mentors` counts the mentors who would then do. `one_more` says that nobody else has to give
    way: one more person is matched than now.
    """

    codes: tuple[str, ...]
    mentors: int
    one_more: bool
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a mentee has no proposal.

    `binding` are the single constraints of which each alone stands in the way, or, when no single
    one does, the pairs of constraints; empty when three or more stand in the way at once. `nobody`
    are constraints that no mentor of the round meets. `fewest` is the least number of constraints
    between the mentee and any mentor (none when the round has no mentors).
    """

    mentee: str
    binding: tuple[Relaxation, ...]
    nobody: tuple[str, ...]
    fewest: int | None
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An existing pair that is not proposed again.

    `codes` are the constraints that now forbid it; empty when the objective gained by moving them.
    """

    mentee: str
    mentor: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """The answer to a round: each mentee is in `proposals` or in `unmatched`, never in both."""

    objective: str
    proposals: tuple[Proposal, ...]
    unmatched: tuple[WhyNot, ...]
    broken: tuple[Broken, ...]

    @property
    def fit(self) -> int:
        """The sum over all proposals."""
        return sum(proposal.fit for proposal in self.proposals)

    def as_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers."""
        return asdict(self) | {"matched": len(self.proposals), "fit": self.fit}
