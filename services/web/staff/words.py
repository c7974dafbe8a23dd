"""What only the console says: figures, times as the APIs give them, and its own code words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from services.web.wording import STOCKHOLM, WORDS, Words

_LOCALE = {"sv": "sv_SE", "en": "en_GB"}
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


class StaffWords(Words):
    """Words for the console. Times may come as the APIs write them."""

    def short(self, at: datetime | str) -> str:
        """`28 januari 09:00`, in Stockholm."""
        return super().short(_instant(at))

    def moment(self, at: datetime | str, zone: str = STOCKHOLM) -> str:
        """`torsdag 28 januari kl. 09:00`, on the wall clock of a zone."""
        return super().moment(_instant(at), zone)

    def weekday(self, at: datetime | str) -> str:
        """`tisdag 19 januari 2027`, in Stockholm."""
        return self._date(_instant(at).astimezone(ZoneInfo(STOCKHOLM)).date(), "EEEE d MMMM y")

    def month(self, day: date) -> str:
        """`november 2026`."""
        return self._date(day, "LLLL y")

    def day_month(self, day: str | date) -> str:
        """`tis 19 jan`, of a local day or time."""
        return self._date(_day(day), "EEE d MMM")

    def long_day(self, day: str | date) -> str:
        """`tisdag 19 januari`, of a local day or time."""
        return self._date(_day(day), "EEEE d MMMM")

    def last_day(self, end: str | date) -> str:
        """`10 mars 2027`, of what is over when the day after begins."""
        return self._date(_day(end) - timedelta(days=1), "d MMMM y")

    def figure(self, number: float) -> str:
        """`12 804`."""
        return format_decimal(number, locale=_LOCALE[self.language])

    def role(self, role: str) -> str:
        """`samordnare`; a role that nobody has named here is said as it is."""
        return self._among("staff_role_", role)

    def part_name(self, service: str) -> str:
        """A service as people call it."""
        return self._among("staff_part_", service)

    def party(self, booking: Mapping[str, Any]) -> str:
        """`Gunnesboskolan 8B`, as far as a party has a name; its size otherwise."""
        party = booking["party"]
        named = " ".join(party[n] for n in ("school", "class_name") if party.get(n))
        if named:
            return named
        alone = "staff_party_one" if booking["size"] == 1 else "staff_party_some"
        return self(alone, size=booking["size"])

    def occasion(self, occasion: Mapping[str, Any]) -> str:
        """`Källkritik, 28 januari 13:30`."""
        return f"{occasion['title']}, {self.short(occasion['starts_at'])}"

    def people_in(self, people: int, parties: int) -> str:
        """`26 personer i 1 bokning`."""
        if not parties:
            return "–"
        who = self("person") if people == 1 else self("persons", size=people)
        how = "one" if parties == 1 else "many"
        return self(f"staff_in_bookings_{how}", who=who, count=parties)

    def hour(self, at: datetime | str) -> str:
        """`13:30`, in Stockholm."""
        return f"{_instant(at).astimezone(ZoneInfo(STOCKHOLM)):%H:%M}"

    def flag(self, flag: str) -> str:
        """What somebody should look at; a flag without words here is said as it is."""
        return self._among("staff_flag_", flag)

    def attention(self, kind: str) -> str:
        """Why a case wants to be looked at."""
        known = f"staff_notice_{kind}"
        return self(known if known in WORDS[self.language] else "staff_notice_other")

    def browser(self, agent: str) -> str:
        """`Firefox, Linux`, as far as a browser says what it is."""
        found = [
            next((name for name in among if name in agent), "") for among in (_BROWSERS, _SYSTEMS)
        ]
        named = [_NAMES.get(name, name) for name in found if name]
        return ", ".join(named) or self("staff_sessions_unknown")

    def coded(self, prefix: str, code: str) -> str:
        """A code of a service in words; one that nobody has named here is said as it is."""
        return self._among(prefix, code)

    def if_known(self, name: str) -> str:
        """The sentence of that name, or nothing."""
        return self(name) if name in WORDS[self.language] else ""

    def _among(self, prefix: str, name: str) -> str:
        known = prefix + name.replace("-", "_")
        return self(known) if known in WORDS[self.language] else name

    def _date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=_LOCALE[self.language])


def _instant(at: datetime | str) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _day(day: str | date) -> date:
    return date.fromisoformat(day[:10]) if isinstance(day, str) else day
