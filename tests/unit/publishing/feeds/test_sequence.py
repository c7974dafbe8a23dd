"""What comes again out of its order is put back into it, and nothing else is moved."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.log.writer import in_sequence


@dataclass(frozen=True)
class Told:
    subject: str
    sequence: int


@given(st.lists(st.builds(Told, st.sampled_from("abc"), st.integers(1, 9)), max_size=20))
def test_each_subject_in_its_own_order_in_the_places_it_had(some: list[Told]) -> None:
    """The subjects take turns as before; within each, sequences rise; nobody is lost."""
    ordered = in_sequence(some, lambda one: one)  # type: ignore[arg-type, return-value]
    assert [one.subject for one in ordered] == [one.subject for one in some]
    for subject in "abc":
        own = [one.sequence for one in ordered if one.subject == subject]
        assert own == sorted(one.sequence for one in some if one.subject == subject)
