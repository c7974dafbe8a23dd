"""Who may do what on a case, said in sentences. Written from the description of the work.

A second statement of `policy.RIGHTS`, of another shape on purpose: each function is one sentence
about whoever has a role and a relation. A right is there when at least one sentence gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import NamedTuple

ROLES = (
    "case-lead", "mentor", "data-protection", "coordinator", "facilitator", "editor", "auditor",
    "operator",
)  # fmt: skip
RELATIONS = ("lead", "stand-in", "mentor", "aftercare", "second", "break-glass", "none")
PHASES = (
    "intake", "assessment", "planning", "active", "closing", "aftercare", "archived", "declined",
    "erased",
)  # fmt: skip
GROUPS = (
    "overview", "referral", "assessment", "plan", "meetings", "notes", "identity", "contact",
    "consents", "closure", "access-log",
)  # fmt: skip
ACTIONS = (
    "list", "read", "write", "assign", "hand-over", "set-away", "protect", "propose-closure",
    "approve-closure", "reopen", "archive", "open-glass", "second-glass", "end-glass",
    "review-glass", "share", "override-consent", "hold", "forget", "export", "raise-concern",
    "report-concern",
)  # fmt: skip

WORKED_WITH = {"intake", "assessment", "planning", "active", "closing"}
HAS_CIRCLE = WORKED_WITH | {"aftercare"}
ABOUT = {
    "overview": {
        "list", "assign", "hand-over", "set-away", "protect", "hold", "forget", "raise-concern",
        "report-concern",
    },
    "closure": {"propose-closure", "approve-closure", "reopen", "archive"},
    "access-log": {"open-glass", "second-glass", "end-glass", "review-glass"},
    "consents": {"share", "override-consent"},
}  # fmt: skip


class Cell(NamedTuple):
    """One question: may this role in this relation do this to this group, in this phase."""

    role: str
    relation: str
    phase: str
    action: str
    group: str

    def is_(self, role: str, relation: str) -> bool:
        return self.role == role and self.relation == relation

    def does(self, *actions: str) -> bool:
        """One of these, about the group that each action is about."""
        return self.action in actions and self.action in ABOUT.get(self.group, set())


Sentence = Callable[[Cell], bool]


def the_lead_reads_everything_while_the_case_is_worked_with(c: Cell) -> bool:
    return c.is_("case-lead", "lead") and c.phase in WORKED_WITH and c.action in {"read", "export"}


def the_lead_writes_everything_but_the_log_while_it_is_worked_with(c: Cell) -> bool:
    open_ = c.is_("case-lead", "lead") and c.phase in WORKED_WITH
    return open_ and c.action == "write" and c.group != "access-log"


def in_aftercare_the_lead_leaves_referral_and_assessment_alone(c: Cell) -> bool:
    after = c.is_("case-lead", "lead") and c.phase == "aftercare"
    return after and c.action in {"read", "export"} and c.group not in {"referral", "assessment"}


def in_aftercare_the_lead_writes_what_aftercare_needs(c: Cell) -> bool:
    needed = {"plan", "meetings", "notes", "contact", "identity", "consents"}
    after = c.is_("case-lead", "lead") and c.phase == "aftercare"
    return after and c.action == "write" and c.group in needed


def the_lead_runs_the_case_as_long_as_it_has_a_circle(c: Cell) -> bool:
    return (
        c.is_("case-lead", "lead")
        and c.phase in HAS_CIRCLE
        and c.does(
            "list", "assign", "hand-over", "set-away", "protect", "second-glass", "end-glass",
            "review-glass", "share", "raise-concern", "report-concern",
        )
    )  # fmt: skip


def the_lead_proposes_to_close_and_takes_it_back(c: Cell) -> bool:
    closable = {"assessment", "planning", "active", "closing"}
    return c.is_("case-lead", "lead") and c.phase in closable and c.does("propose-closure")


def the_lead_ends_or_resumes_aftercare(c: Cell) -> bool:
    return c.is_("case-lead", "lead") and c.phase == "aftercare" and c.does("reopen", "archive")


def whoever_leads_or_helps_to_lead_answers_a_closing(c: Cell) -> bool:
    helps = c.relation in {"lead", "stand-in", "second"} and c.role == "case-lead"
    return helps and c.phase == "closing" and c.does("approve-closure")


def a_stand_in_is_prepared(c: Cell) -> bool:
    seen = c.action == "read" and c.group in {"overview", "plan", "closure"}
    may = seen or c.does("list", "second-glass", "raise-concern")
    return c.is_("case-lead", "stand-in") and c.phase in HAS_CIRCLE and may


def a_second_sees_what_two_decide_about(c: Cell) -> bool:
    decided = {"overview", "plan", "contact", "consents", "closure", "access-log"}
    seen = c.action == "read" and c.group in decided
    return c.is_("case-lead", "second") and c.phase in HAS_CIRCLE and seen


def a_second_decides_what_the_lead_must_not_decide_alone(c: Cell) -> bool:
    return (
        c.is_("case-lead", "second")
        and c.phase in HAS_CIRCLE
        and c.does(
            "list", "set-away", "second-glass", "end-glass", "review-glass", "override-consent",
            "raise-concern",
        )
    )  # fmt: skip


def mentors_see_no_decisions_and_no_log(c: Cell) -> bool:
    hidden = {"consents", "closure", "access-log"}
    here = c.is_("mentor", "mentor") and c.phase in {"planning", "active", "closing"}
    return here and c.action == "read" and c.group not in hidden


def mentors_write_of_their_own_work(c: Cell) -> bool:
    here = c.is_("mentor", "mentor") and c.phase in {"planning", "active", "closing"}
    writes = c.action == "write" and c.group in {"meetings", "notes", "contact"}
    return here and (writes or c.does("list", "raise-concern"))


def the_aftercare_circle_is_like_a_mentor_in_aftercare(c: Cell) -> bool:
    here = c.relation == "aftercare" and c.role in {"mentor", "case-lead"}
    reads = c.action == "read" and c.group not in {"consents", "closure", "access-log"}
    writes = c.action == "write" and c.group in {"meetings", "notes", "contact"}
    return here and c.phase == "aftercare" and (reads or writes or c.does("list", "raise-concern"))


def breaking_the_glass_shows_all_but_the_log(c: Cell) -> bool:
    here = c.is_("case-lead", "break-glass") and c.phase != "erased"
    return here and c.action == "read" and c.group != "access-log"


def whoever_broke_the_glass_can_say_that_they_worry(c: Cell) -> bool:
    here = c.is_("case-lead", "break-glass") and c.phase in HAS_CIRCLE
    return here and c.does("raise-concern")


def whoever_broke_the_glass_can_give_it_back(c: Cell) -> bool:
    return c.is_("case-lead", "break-glass") and c.phase != "erased" and c.does("end-glass")


def every_case_lead_can_break_the_glass(c: Cell) -> bool:
    return c.is_("case-lead", "none") and c.phase != "erased" and c.does("open-glass")


def data_protection_sees_who_looked(c: Cell) -> bool:
    here = c.is_("data-protection", "none") and c.phase != "erased"
    return here and c.action == "read" and c.group == "access-log"


def data_protection_watches_over_glass_holds_and_forgetting(c: Cell) -> bool:
    here = c.is_("data-protection", "none") and c.phase != "erased"
    return here and c.does("second-glass", "end-glass", "review-glass", "hold", "forget")


def data_protection_steps_in_for_absent_leads_and_missing_consents(c: Cell) -> bool:
    here = c.is_("data-protection", "none") and c.phase in HAS_CIRCLE
    return here and c.does("set-away", "override-consent")


def data_protection_answers_a_persons_wish_for_a_copy_of_what_is_put_away(c: Cell) -> bool:
    here = c.is_("data-protection", "none") and c.phase in {"archived", "declined"}
    return here and c.action == "export"


SENTENCES: tuple[Sentence, ...] = (
    the_lead_reads_everything_while_the_case_is_worked_with,
    the_lead_writes_everything_but_the_log_while_it_is_worked_with,
    in_aftercare_the_lead_leaves_referral_and_assessment_alone,
    in_aftercare_the_lead_writes_what_aftercare_needs,
    the_lead_runs_the_case_as_long_as_it_has_a_circle,
    the_lead_proposes_to_close_and_takes_it_back,
    the_lead_ends_or_resumes_aftercare,
    whoever_leads_or_helps_to_lead_answers_a_closing,
    a_stand_in_is_prepared,
    a_second_sees_what_two_decide_about,
    a_second_decides_what_the_lead_must_not_decide_alone,
    mentors_see_no_decisions_and_no_log,
    mentors_write_of_their_own_work,
    the_aftercare_circle_is_like_a_mentor_in_aftercare,
    breaking_the_glass_shows_all_but_the_log,
    whoever_broke_the_glass_can_say_that_they_worry,
    whoever_broke_the_glass_can_give_it_back,
    every_case_lead_can_break_the_glass,
    data_protection_sees_who_looked,
    data_protection_watches_over_glass_holds_and_forgetting,
    data_protection_steps_in_for_absent_leads_and_missing_consents,
    data_protection_answers_a_persons_wish_for_a_copy_of_what_is_put_away,
)


@cache
def given_by() -> dict[Cell, tuple[Sentence, ...]]:
    """Every cell that some sentence gives, with the sentences that give it."""
    questions = (Cell(*cell) for cell in product(ROLES, RELATIONS, PHASES, ACTIONS, GROUPS))
    said = ((cell, tuple(say for say in SENTENCES if say(cell))) for cell in questions)
    return {cell: sentences for cell, sentences in said if sentences}
