"""A press that cannot be undone asks first: the same form once more, with what it will mean.

The template says so with `part.asks`; the page in between is made here, the same for every form,
and no route knows of it. It spares people a mistake and guards nothing: the service decides.
"""

from __future__ import annotations

from services.web.own_forms import Fields
from shared.kernel.refusal import Refusal

ASK, WHEN, BACK = "ask", "ask-when", "ask-back"
_SURE = "staff_sure_"


class AskFirst(Refusal):
    """Whether it is really meant: `about` names the words that say what it will mean."""

    kind = "ask-first"
    sv = "Tryck en gång till om du menar det."
    en = "Press once more if you mean it."

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about


def ensure_meant(form: Fields) -> None:
    """Raises AskFirst for a press that asks, the first time it comes."""
    about = form.get(ASK, "")
    if not about.startswith(_SURE):
        return
    name, _, value = form.get(WHEN, "").partition("=")
    if not name or form.get(name) == value:
        raise AskFirst(about)


def as_meant(form: Fields) -> Fields:
    """What the form says once it is meant."""
    return form.without(ASK, WHEN, BACK)
