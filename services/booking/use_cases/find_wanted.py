"""Which occasion a school means, by activity, date and start; help when there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.booking.domain.occasion import Occasion
from services.booking.spreadsheets.request_file import RequestRow
from services.booking.spreadsheets.season_file import alike
from shared.spreadsheets.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Choice:
    """Occasions by title (`alike`), each in the order of the calendar; when the cancelled were.

    What has begun by `now` is never suggested.
    """

    by_title: dict[str, list[Occasion]]
    now: datetime
    cancelled: frozenset[tuple[str, datetime]] = frozenset()

    def candidates(self, row: RequestRow) -> list[Occasion]:
        """Those that the row can mean; equals in the order in which they stand."""
        wanted = datetime.combine(row.date, row.start)
        return [o for o in self.by_title.get(alike(row.activity), ()) if o.starts_local == wanted]

    def trouble(self, row: RequestRow) -> Trouble:
        """Why there is none, with what there is instead: our own dates and times only."""
        if (alike(row.activity), datetime.combine(row.date, row.start)) in self.cancelled:
            return Trouble(
                row.row,
                "Önskat datum",
                "occasion-cancelled",
                "Tillfället är inställt. Fråga skolan om en annan dag.",
                "The occasion is cancelled. Ask the school about another day.",
            )
        known = self.by_title.get(alike(row.activity), [])
        if not known:
            return Trouble(
                row.row,
                "Önskad aktivitet",
                "activity-not-found",
                "Aktiviteten finns inte i schemat. Skriv namnet precis som där.",
                "The activity is not in the season. Write its name exactly as there.",
            )
        offered = [occasion for occasion in known if occasion.starts_at > self.now]
        if not offered:
            return Trouble(
                row.row,
                "Önskat datum",
                "no-more-dates",
                "Aktiviteten har inga fler tillfällen i schemat. Fråga skolan om en annan.",
                "The activity has no more dates in the season. Ask the school about another one.",
            )
        same_day = sorted({o.starts_local for o in offered if o.starts_local.date() == row.date})
        if same_day:
            times = ", ".join(f"{at:%H:%M}" for at in same_day)
            return Trouble(
                row.row,
                "Önskad tid",
                "time-not-found",
                f"Den dagen börjar aktiviteten {times}. Skriv en av de tiderna.",
                f"On that day the activity starts at {times}. Write one of those times.",
            )
        nearest = _nearest(offered, row.date)
        return Trouble(
            row.row,
            "Önskat datum",
            "date-not-found",
            f"Aktiviteten ges inte den dagen. Närmast är {nearest:%Y-%m-%d} kl. {nearest:%H:%M}.",
            f"It is not given on that day. Nearest is {nearest:%Y-%m-%d} at {nearest:%H:%M}.",
        )


def choice_among(occasions: Iterable[Occasion], now: datetime) -> Choice:
    """From all occasions of the wanted activities; cancelled ones are not to be had."""
    by_title: dict[str, list[Occasion]] = {}
    cancelled: set[tuple[str, datetime]] = set()
    for occasion in sorted(occasions, key=lambda o: (o.starts_at, o.id)):
        if occasion.cancelled is None:
            by_title.setdefault(alike(occasion.title), []).append(occasion)
        else:
            cancelled.add((alike(occasion.title), occasion.starts_local))
    return Choice(by_title, now, frozenset(cancelled))


def _nearest(occasions: Iterable[Occasion], day: date) -> datetime:
    return min(
        (occasion.starts_local for occasion in occasions),
        key=lambda at: (abs((at.date() - day).days), at),
    )
