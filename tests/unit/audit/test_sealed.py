"""A seal keeps its content from everything but a recorded reading."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from pydantic import TypeAdapter

from shared.audit.sealed import NotRecorded, Receipt, Sealed

SECRET = "Kim Exempel, 070-174 06 05"
SEALED = Sealed([SECRET], subjects=["case-1", "case-2"], fields=["notes"])
COVERS = Receipt(frozenset({"case-1", "case-2", "case-3"}), frozenset({"notes", "plan"}))


def test_a_seal_shows_nothing() -> None:
    """It cannot be printed, answered, copied or stored: there is no way out but the reading."""
    assert SECRET not in f"{SEALED} {SEALED!r}"
    for way_out in (
        lambda: json.dumps(SEALED),
        lambda: pickle.dumps(SEALED),
        lambda: copy.deepcopy(SEALED),
        lambda: TypeAdapter(object).dump_json(SEALED),
        lambda: list(SEALED),  # type: ignore[call-overload]
        lambda: SEALED[0],  # type: ignore[index]
        lambda: vars(SEALED),
    ):
        with pytest.raises((TypeError, ValueError, NotRecorded)):
            way_out()


def test_it_opens_for_a_reading_that_names_all_of_it() -> None:
    """Everybody and every field inside must stand in the entry."""
    assert SEALED.opened_by(COVERS) == [SECRET]
    for receipt in (
        Receipt(frozenset({"case-1"}), frozenset({"notes"})),
        Receipt(frozenset({"case-1", "case-2"}), frozenset({"plan"})),
        Receipt(frozenset(), frozenset()),
    ):
        with pytest.raises(NotRecorded):
            SEALED.opened_by(receipt)


def test_what_is_made_of_it_stays_sealed() -> None:
    """A changed content keeps its seal, and two together name everybody in either."""
    plan = Sealed("plan", subjects=["case-3"], fields=["plan"])
    both = Sealed.both(SEALED.map(len), plan)
    assert (both.subjects, both.fields) == (("case-1", "case-2", "case-3"), ("notes", "plan"))
    assert both.opened_by(COVERS) == (1, "plan")
