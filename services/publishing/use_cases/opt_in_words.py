"""What the letters about a sign-up say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    please: str
    why: str
    confirm: str
    not_you: str
    already: str
    nothing_to_do: str
    change: str
    not_you_already: str


WORDS: Mapping[str, Words] = {
    "sv": Words(
        please="Bekräfta din prenumeration",
        why="Någon, förhoppningsvis du, vill få det här på din adress:",
        confirm="Bekräfta här (länken gäller i en vecka)",
        not_you="Var det inte du? Gör ingenting, så får du inget mer.",
        already="Du prenumererar redan",
        nothing_to_do="Du får redan det här, så du behöver inte göra något:",
        change="Ändra dina val här",
        not_you_already="Var det inte du som fyllde i vårt formulär? Då har inget hänt.",
    ),
    "en": Words(
        please="Confirm your subscription",
        why="Somebody, hopefully you, wants to get this at your address:",
        confirm="Confirm here (the link works for a week)",
        not_you="Was it not you? Do nothing, and nothing more will come.",
        already="You are subscribed already",
        nothing_to_do="You get this already, so there is nothing to do:",
        change="Change your choices here",
        not_you_already="Was it not you who filled in our form? Then nothing has happened.",
    ),
}
