"""What each HTTP status says when no refusal of ours stands behind it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.web.language import Language


@dataclass(frozen=True, slots=True)
class StatusWords:
    """The kind (end of the problem's `type`), a title and a sentence."""

    kind: str
    title_sv: str
    title_en: str
    sv: str
    en: str

    def title(self, language: Language) -> str:
        """A few words."""
        return self.title_sv if language == "sv" else self.title_en

    def sentence(self, language: Language) -> str:
        """One sentence."""
        return self.sv if language == "sv" else self.en


_BY_STATUS: Mapping[int, StatusWords] = MappingProxyType(
    {
        400: StatusWords(
            "bad-request",
            "Går inte att förstå",
            "Cannot be understood",
            "Begäran går inte att läsa.",
            "The request cannot be read.",
        ),
        401: StatusWords(
            "not-signed-in",
            "Inte inloggad",
            "Not signed in",
            "Du behöver logga in.",
            "You need to sign in.",
        ),
        403: StatusWords(
            "forbidden",
            "Saknar behörighet",
            "No right to this",
            "Du har inte behörighet att göra det här.",
            "You do not have the right to do this.",
        ),
        404: StatusWords(
            "not-found",
            "Finns inte",
            "Not found",
            "Det finns inget på den här adressen.",
            "There is nothing at this address.",
        ),
        405: StatusWords(
            "method-not-allowed",
            "Går inte att göra här",
            "Cannot be done here",
            "Adressen finns, men inte för den metoden. Se rubriken Allow.",
            "The address exists, but not for this method. See the Allow header.",
        ),
        409: StatusWords(
            "conflict",
            "Går inte just nu",
            "Not possible now",
            "Det går inte att göra så just nu.",
            "That cannot be done right now.",
        ),
        412: StatusWords(
            "version-conflict",
            "Ändrad av någon annan",
            "Changed by somebody else",
            "Någon annan har ändrat detta under tiden.",
            "Somebody else has changed this meanwhile.",
        ),
        413: StatusWords(
            "body-too-large",
            "För stort",
            "Too large",
            "Det du skickade är för stort.",
            "What you sent is too large.",
        ),
        415: StatusWords(
            "unsupported-media-type",
            "Fel sorts innehåll",
            "Wrong kind of content",
            "Skicka innehållet som application/json.",
            "Send the content as application/json.",
        ),
        422: StatusWords(
            "validation-failed",
            "Något stämmer inte",
            "Something is not right",
            "Kontrollera de fält som anges och skicka igen.",
            "Check the fields that are named and send again.",
        ),
        428: StatusWords(
            "if-match-missing",
            "Version saknas",
            "Version missing",
            "Ange vilken version du ändrar.",
            "Say which version you are changing.",
        ),
        429: StatusWords(
            "too-many-requests",
            "För många förfrågningar",
            "Too many requests",
            "Vänta en liten stund och försök igen.",
            "Wait a little and try again.",
        ),
        500: StatusWords(
            "internal-error",
            "Något gick fel hos oss",
            "Something went wrong on our side",
            "Felet är antecknat. Försök igen om en stund.",
            "The error is recorded. Try again in a moment.",
        ),
        503: StatusWords(
            "unavailable",
            "Går inte att nå just nu",
            "Not available right now",
            "Försök igen om en stund.",
            "Try again in a moment.",
        ),
    }
)


def words_of(status: int) -> StatusWords:
    """The words of a status; a neighbour's when it has none of its own."""
    return _BY_STATUS.get(status) or _BY_STATUS[500 if status >= 500 else 400]
