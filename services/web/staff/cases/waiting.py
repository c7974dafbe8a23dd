"""What the API says waits in a case, with how much it presses.

The words are `staff_case_waits_<code>` and, as what to do about it, `staff_case_do_<code>`.
"""

from __future__ import annotations

from collections.abc import Sequence

WAITS = (
    "concern-undecided",
    "concern-late",
    "glass-to-review",
    "closure-to-decide",
    "contact-missed",
    "review-late",
    "action-late",
    "aftercare-over",
    "stand-in-acts",
    "mentor-missing",
)
"""All that can wait, what cannot wait first."""
_PRESSES = {
    "closure-to-decide": "wait",
    "aftercare-over": "wait",
    "mentor-missing": "wait",
    "stand-in-acts": "info",
}
"""Which kind of tag; what is not here is late or in danger."""


WHERE = {
    "concern-undecided": "/concern",
    "concern-late": "/concern",
    "glass-to-review": "/access",
    "closure-to-decide": "/closure",
    "contact-missed": "/follow-up",
    "review-late": "/follow-up",
    "action-late": "/plan",
    "mentor-missing": "/circle",
    "stand-in-acts": "/circle",
}
"""Which page of the case it is done on; what is not here, on the overview itself."""


def marked(waits: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Each with the kind of its tag."""
    return [(code, _PRESSES.get(code, "bad")) for code in waits]
