"""What is kept of changes for all who listen: bounded, and exact about what is missing."""

from __future__ import annotations

from bson.timestamp import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from shared.mongo.places import Numbering, Place, end_of, place_of
from shared.mongo.tape import Seen, Tape

_BEGIN = Place(Timestamp(100, 1), 0)


def at(number: int) -> Place:
    """Three changes in each commit."""
    return Place(Timestamp(101 + number // 3, 1), number % 3 + 1)


@given(
    most=st.integers(1, 8),
    script=st.lists(st.sampled_from(["change", "change", "read", "cut"]), max_size=60),
)
def test_a_reader_hears_all_in_order_or_that_it_missed_some(most: int, script: list[str]) -> None:
    """Whatever happens between two readings: no gap that is not told, nothing twice."""
    tape: Tape[int] = Tape(_BEGIN, _BEGIN, most)
    made = heard = number = 0
    for step in [*script, "read"]:
        if step == "change":
            tape.add(Seen(at(made), made))
            made += 1
        elif step == "cut":
            tape.cut(tape.end, tape.end)
        else:
            fresh = tape.read(number, 1000)
            if fresh is None:
                number, heard = tape.next, made
                continue
            assert [each.change for each in fresh] == list(range(heard, made))
            number, heard = number + len(fresh), made


@given(most=st.integers(1, 8), made=st.integers(0, 40), back=st.integers(0, 40))
def test_whoever_comes_with_a_place_goes_on_right_after_it(most: int, made: int, back: int) -> None:
    """From a place that is remembered on, exactly what came later; else it is said not to be."""
    tape: Tape[int] = Tape(_BEGIN, _BEGIN, most)
    for number in range(made):
        tape.add(Seen(at(number), number))
    last = made - 1 - back
    place = at(last) if last >= 0 else _BEGIN
    found = tape.number_after(place)
    if found is None:
        assert back >= most
        return
    fresh = tape.read(found, 1000)
    assert fresh is not None
    assert [each.change for each in fresh] == list(range(max(last, -1) + 1, made))


def test_what_is_kept_is_bounded() -> None:
    """A day of changes that nobody reads takes no more room than a moment's."""
    tape: Tape[int] = Tape(_BEGIN, _BEGIN, 10)
    for number in range(1000):
        tape.add(Seen(at(number), number))
    kept = tape.read(tape.number_after(tape.floor) or 0, 1000)
    assert kept is not None
    assert 10 <= len(kept) < 20


def test_a_place_is_read_as_it_was_written() -> None:
    """The same place comes back; what cannot be one of ours is none."""
    numbering = Numbering()
    commit = {"clusterTime": Timestamp(1_795_389_200, 3)}
    assert [str(numbering.place(commit)) for _ in range(2)] == ["1795389200.3.1", "1795389200.3.2"]
    assert place_of("1795389200.3.2") == Place(Timestamp(1_795_389_200, 3), 2)
    assert place_of("1795389200.3.2") < end_of(Timestamp(1_795_389_200, 3))  # type: ignore[operator]
    for other in (None, "", "12", "1.2", "1.2.3.4", "99999999999.1.1", "4294967296.1.1", "a.b.c"):
        assert place_of(other) is None
