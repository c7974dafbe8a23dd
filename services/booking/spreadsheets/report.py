"""What an import did, or would do, row by row; the same for a dry run and for the real one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from shared.spreadsheets.trouble import Trouble

Outcome = Literal["created", "changed", "unchanged", "rejected"]

FLAGS: dict[str, tuple[str, str]] = {
    "same-as-earlier-row": (
        "Likadan som en tidigare rad: båda tillfällena finns. Ta bort det ena om det blev fel.",
        "The same as an earlier row: both occasions exist. Remove one of them if it is a mistake.",
    ),
    "in-the-past": ("Tillfället har redan varit.", "The occasion is already over."),
    "cancelled": (
        "Tillfället är inställt här: raden ändrar ingenting.",
        "The occasion is cancelled here: the row changes nothing.",
    ),
    "room-taken": (
        "Rummet är redan upptaget internt då.",
        "The room is held internally at that time.",
    ),
    "no-leader": ("Ingen ledare är angiven.", "No leader is named."),
    "duplicate": (
        "Exakt likadan som en tidigare rad: den bokas inte en gång till.",
        "Exactly the same as an earlier row: it is not booked a second time.",
    ),
    "class-again": (
        "Klassen har en annan bokning på det tillfället. Avboka den ena om raden bara är rättad.",
        "The class has another booking there. Cancel one if the row was only corrected.",
    ),
    "broken-phone": (
        "Mobilnumret går inte att använda: inget sms skickas.",
        "The phone number cannot be used: no text message is sent.",
    ),
    "broken-email": (
        "E-postadressen går inte att använda: ingen e-post skickas.",
        "The e-mail address cannot be used: no e-mail is sent.",
    ),
    "phone-cannot-take-sms": (
        "Numret tar inte emot sms (fast telefon eller växel). Allt skickas med e-post i stället.",
        "The number takes no text messages (a landline). Everything is sent by e-mail instead.",
    ),
    "unreachable": (
        "Varken mobil eller e-post går att använda: kontakta skolan på annat sätt.",
        "Neither phone nor e-mail can be used: contact the school in another way.",
    ),
    "larger-than-room": (
        "Gruppen är större än lokalen rymmer: den väntar tills ni har bestämt hur ni gör.",
        "The group is larger than the room: it waits until you have decided what to do.",
    ),
    "unknown-municipality": (
        "Skolan finns inte i skollistan, så kommunen är okänd.",
        "The school is not in the list of schools, so its municipality is unknown.",
    ),
    "arrival-unknown": (
        "Tiden i Inkom gick inte att läsa: raden hanterades efter alla andra.",
        "The time in Inkom could not be read: the row was handled after all others.",
    ),
}


@dataclass(slots=True)
class Report:
    """Counts, troubles and flags. `rows` = created + changed + unchanged + rejected."""

    blank: int = 0
    counts: dict[Outcome, int] = field(
        default_factory=lambda: {"created": 0, "unchanged": 0, "changed": 0, "rejected": 0}
    )
    confirmed: int | None = None
    waiting: int | None = None
    troubles: list[Trouble] = field(default_factory=list)
    flags: list[tuple[int, str]] = field(default_factory=list)

    def note(self, row: int, outcome: Outcome, flags: Iterable[str] = ()) -> None:
        """Count one row with its flags."""
        self.counts[outcome] += 1
        self.flags.extend((row, flag) for flag in flags)

    def reject(self, trouble: Trouble) -> None:
        """Count one row that came to nothing, and why."""
        self.counts["rejected"] += 1
        self.troubles.append(trouble)

    def as_json(self) -> dict[str, object]:
        """The report as it is answered."""
        places = (("confirmed", self.confirmed), ("waiting", self.waiting))
        return {
            "rows": sum(self.counts.values()),
            **{str(outcome): count for outcome, count in self.counts.items()},
            "flagged": len({row for row, _ in self.flags}),
            "blank": self.blank,
            **{name: count for name, count in places if count is not None},
            "errors": [_error(trouble) for trouble in sorted(self.troubles, key=_place)],
            "flags": [_flag(row, flag) for row, flag in sorted(self.flags)],
        }


def _place(trouble: Trouble) -> tuple[int, str]:
    return trouble.row, trouble.column


def _error(trouble: Trouble) -> dict[str, object]:
    return {
        "row": trouble.row,
        "column": trouble.column,
        "sentence_sv": trouble.sv,
        "sentence_en": trouble.en,
        "kind": trouble.kind,
    }


def _flag(row: int, flag: str) -> dict[str, object]:
    sv, en = FLAGS[flag]
    return {"row": row, "flag": flag, "sentence_sv": sv, "sentence_en": en}
