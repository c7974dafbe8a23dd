"""The left navigation, as data: an area, its address, and what one must be allowed to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.web.staff.door import Staff
from services.web.staff.rights import EVERYBODY


@dataclass(frozen=True, slots=True)
class Area:
    """A line of the navigation. `word` names its words; `key` is what the keyboard opens it by."""

    word: str
    address: str
    permissions: tuple[str, ...]
    key: str = ""


AREAS: tuple[Area, ...] = (
    Area("staff_area_today", "/console", (EVERYBODY,), "i"),
    Area("staff_area_occasions", "/console/occasions", ("booking:occasions.read",), "t"),
    Area("staff_area_bookings", "/console/bookings", ("booking:bookings.read",), "b"),
    Area("staff_area_line", "/console/line", ("booking:line.read",), "v"),
    Area("staff_area_rooms", "/console/rooms", ("booking:rooms.read",), "r"),
    Area("staff_area_import", "/console/import", ("booking:imports.write",), "l"),
    Area("staff_area_cases", "/console/cases", ("mentoring:cases.list",), "c"),
    Area("staff_area_referrals", "/console/referrals", ("mentoring:referrals.read",), "a"),
    Area("staff_area_consultations", "/console/consultations", ("mentoring:consultations.read",)),
    Area("staff_area_matching", "/console/matchings", ("mentoring:matchings.read",), "m"),
    Area("staff_area_mentors", "/console/mentors", ("mentoring:mentors.read",)),
    Area("staff_area_profile", "/console/profile", ("mentoring:handbook.confirm",)),
    Area("staff_area_forgettings", "/console/forgettings", ("mentoring:forgettings.read",)),
    Area("staff_area_letters", "/console/newsletters", ("publishing:newsletters.read",), "n"),
    Area("staff_mailings", "/console/mailings", ("publishing:mailings.read",), "u"),
    Area("staff_lists", "/console/lists", ("publishing:lists.read",)),
    Area("staff_segments", "/console/segments", ("publishing:segments.read",)),
    Area("staff_area_publications", "/console/publications", ("publishing:publications.read",)),
    Area("staff_area_print", "/console/print-orders", ("publishing:print-orders.read",)),
    Area("staff_area_partners", "/console/partners", ("publishing:partners.read",), "y"),
    Area("staff_area_messages", "/console/messages", ("notifications:messages.read",), "d"),
    Area("staff_area_parked", "/console/parked", ("booking:dead-letters.handle",), "p"),
    Area("staff_area_trace", "/console/trace", ("booking:journal.read",), "h"),
    Area("staff_area_follow_up", "/console/follow-up", ("mentoring:audit.follow-up",)),
    Area("staff_area_attended", "/console/statistics/attendance", ("booking:statistics.read",)),
    Area("staff_area_statistics", "/console/statistics", ("mentoring:statistics.read",)),
)
"""In the order in which they stand. To add an area is to add a line."""


def areas_of(staff: Staff) -> Sequence[Area]:
    """What this person may open."""
    return [area for area in AREAS if staff.may(*area.permissions)]


def current(areas: Sequence[Area], path: str) -> str:
    """The address of the area that a page stands in: the longest that its path begins with."""
    fits = [a.address for a in areas if path == a.address or path.startswith(a.address + "/")]
    return max(fits, key=len, default="")
