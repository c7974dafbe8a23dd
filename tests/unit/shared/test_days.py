"""Days in requests: written in full, never a number that could be read as one."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.web.days import Day

DAY: TypeAdapter[date] = TypeAdapter(Day)


def test_a_day_is_written_in_full() -> None:
    """As the calendar has it; described to callers as a date."""
    assert DAY.validate_python("2027-02-01") == date(2027, 2, 1)
    assert DAY.json_schema() == {"type": "string", "format": "date"}


@pytest.mark.parametrize("sent", [0, 86400, 86400.0, "0", "86400", True, "2027-02-30", "20270201"])
def test_a_number_is_no_day(sent: object) -> None:
    """A nought would be somebody's birthday in 1970."""
    with pytest.raises(ValidationError):
        DAY.validate_python(sent)
