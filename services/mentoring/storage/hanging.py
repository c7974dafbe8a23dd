"""Every collection of records that hangs on a case, and the field group that its words are.

Here it gets its indexes, and its place in an export; it goes when the person is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.mentoring.domain.rights import FieldGroup

GROUP_OF_RECORDS: Mapping[str, FieldGroup] = MappingProxyType(
    {
        "referral_words": "referral",
        "assessments": "assessment",
        "matching_needs": "assessment",
        "matching_outcomes": "assessment",
        "matching_decisions": "assessment",
        "plans": "plan",
        "reviews": "plan",
        "meetings": "meetings",
        "notes": "notes",
        "contacts": "contact",
        "concerns": "contact",
        "override_words": "consents",
        "closures": "closure",
        "break_glasses": "access-log",
    }
)
