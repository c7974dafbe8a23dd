"""Demo people: one for each task at the centre, and the leaders of the example season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.kernel.ids import deterministic_id


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as."""

    username: str
    name: str
    role: str
    task: str

    @property
    def subject(self) -> str:
        """Their stable id in tokens."""
        return deterministic_id("demo-person", self.username)

    def claims(self) -> dict[str, Any]:
        """What a token says of them."""
        return {
            "sub": self.subject,
            "name": self.name,
            "preferred_username": self.username,
            "roles": [self.role],
        }


PEOPLE: tuple[Person, ...] = (
    Person("amina.lund", "Amina Lund", "coordinator", "Samordnare"),
    Person("mira.lindh", "Mira Lindh", "facilitator", "Ledare"),
    Person("olof.haddad", "Olof Haddad", "facilitator", "Ledare"),
    Person("leyla.sjo", "Leyla Sjö", "facilitator", "Ledare"),
    Person("sanna.ek", "Sanna Ek", "facilitator", "Ledare"),
    Person("yusuf.berg", "Yusuf Berg", "facilitator", "Ledare"),
    Person("rut.drift", "Rut Drift", "operator", "Drift"),
    Person("vera.insyn", "Vera Insyn", "auditor", "Granskare"),
    Person("elsa.blad", "Elsa Blad", "editor", "Redaktör"),
    Person("karin.holm", "Karin Holm", "case-lead", "Ärendeansvarig"),
    Person("idris.vik", "Idris Vik", "mentor", "Mentor"),
    Person("tove.alm", "Tove Alm", "case-lead", "Ärendeansvarig"),
    Person("samir.dahl", "Samir Dahl", "mentor", "Mentor"),
    Person("greta.moren", "Greta Morén", "data-protection", "Dataskyddsombud"),
)


def find(who: str) -> Person | None:
    """The person with this username, else the first with this role."""
    named = (person for person in PEOPLE if person.username == who)
    acting = (person for person in PEOPLE if person.role == who)
    return next(named, None) or next(acting, None)
