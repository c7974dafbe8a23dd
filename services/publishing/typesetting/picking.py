"""The pick list: one page an order, for whoever packs. It is not kept anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from services.publishing.typesetting.pdf import set_pdf

_HERE = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True, repr=False)
class Slip:
    """One order. The contact's fields are empty when it is forgotten."""

    number: str
    title: str
    edition: str
    language: str
    copies: int
    school: str
    municipality: str
    name: str
    address: str
    phone: str
    ordered_at: datetime


def set_pick_list(slips: Sequence[Slip], at: datetime) -> bytes:
    """The PDF, in Swedish. Blocks. Raises what `set_pdf` raises."""
    return set_pdf("pick_list", {"lang": "sv", "slips": [_told(each) for each in slips]}, at=at)


def _told(slip: Slip) -> dict[str, object]:
    return {
        "number": slip.number,
        "title": slip.title,
        "edition": slip.edition,
        "language": slip.language,
        "copies": slip.copies,
        "school": slip.school,
        "municipality": slip.municipality,
        "name": slip.name,
        "address": slip.address.splitlines(),
        "phone": slip.phone,
        "ordered": format_date(slip.ordered_at.astimezone(_HERE).date(), "long", "sv"),
    }
