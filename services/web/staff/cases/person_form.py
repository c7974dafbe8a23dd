"""Who somebody is, as a form says it: the same fields wherever a person is written down."""

from __future__ import annotations

import re
from typing import Any

from services.web.own_forms import Fields

_LINES = ("name", "email", "whereabouts")
_NOT_A_FIGURE = re.compile(r"[\s().-]+")


def person_in(form: Fields) -> dict[str, Any]:
    """For the API: spaces and hyphens taken out of numbers, a Swedish number with its country."""
    phone = _NOT_A_FIGURE.sub("", form.get("phone", ""))
    return {
        **{name: form.get(name, "").strip() for name in _LINES},
        "personal_number": _NOT_A_FIGURE.sub("", form.get("personal_number", "")),
        "birth_date": form.get("birth_date", "").strip() or None,
        "phone": f"+46{phone[1:]}" if re.match(r"0[1-9]", phone) else phone,
        "language": "en" if form.get("language") == "en" else "sv",
    }


def case_in(form: Fields) -> dict[str, Any]:
    """How a case begins, by hand or of a referral."""
    protected = form.get("protected") == "yes"
    return {
        "lead": form.get("lead", "").strip() or None,
        "protected": protected,
        "named": form.get("named", "").split() if protected else [],
        "contact_every_days": 30 if form.get("days") == "30" else 14,
        "municipality": form.get("municipality", "").strip(),
    }
