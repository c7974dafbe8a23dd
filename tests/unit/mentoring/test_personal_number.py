"""Personal numbers are checked before anybody is looked for, or kept, under a wrong one."""

from __future__ import annotations

import pytest

from services.mentoring.domain.personal_number import PersonalNumberWrong, ensure_personal_number

RIGHT = ("198112189876", "189001019802", "197010632391")
"""Skatteverket's own examples: a personal number, one from 1890, a coordination number."""


@pytest.mark.parametrize("digits", RIGHT)
def test_a_right_number_passes(digits: str) -> None:
    """Personal numbers and coordination numbers, in any century."""
    ensure_personal_number(digits)


@pytest.mark.parametrize("digits", RIGHT)
def test_any_one_wrong_digit_after_the_century_is_noticed(digits: str) -> None:
    """The check digit finds every single mistake in the ten digits that it is made from."""
    for place in range(2, 12):
        for other in "0123456789".replace(digits[place], ""):
            with pytest.raises(PersonalNumberWrong):
                ensure_personal_number(digits[:place] + other + digits[place + 1 :])


@pytest.mark.parametrize(
    "digits", ["", "8112189876", "19811218-9876", "1981121898761", "198102309876", "١٩٨١١٢١٨٩٨٧٦"]
)
def test_what_is_no_number_is_refused_without_an_echo(digits: str) -> None:
    """Too short, too long, no such day, other digits than ours; the sentence repeats none."""
    with pytest.raises(PersonalNumberWrong) as refused:
        ensure_personal_number(digits)
    assert not digits or digits not in str(refused.value)
