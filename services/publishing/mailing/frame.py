"""What surrounds a newsletter: the page of its HTML part, and the foot of both parts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from services.publishing.domain.languages import chosen, direction

_WORDS = {
    "sv": (
        "Du får det här för att du prenumererar på {list}.",
        "Avsluta prenumerationen",
        "Ändra språk och val",
    ),
    "en": (
        "You get this because you subscribe to {list}.",
        "Unsubscribe",
        "Change language and choices",
    ),
}
_STYLE = (
    "body{margin:0;padding:1rem;font:1rem/1.5 sans-serif;color:#1a1a1a;background:#fff}"
    "main,footer{max-width:38rem;margin:0 auto}"
    "footer{border-top:1px solid #767676;margin-top:2rem;padding-top:1rem;font-size:.9rem}"
    "a{color:#0b4f8a}th,td{text-align:start;padding:.25rem .5rem}"
    "@media (prefers-color-scheme:dark){body{color:#f2f2f2;background:#1a1a1a}a{color:#9cc9f5}}"
)


@dataclass(frozen=True, slots=True)
class House:
    """Who sends, and where the links of the foot lead; `site` without a slash at its end.

    `list_key` is that of the list's id (`domain.links.key_of`); `list_id` is what RFC 2919 wants.
    """

    sender_name: str
    sender: str
    list_name: str
    list_id: str
    list_key: bytes
    postal_address: str
    site: str

    @property
    def domain(self) -> str:
        """The part of the sender's address that signs."""
        return self.sender.rpartition("@")[2]

    def unsubscribe(self, token: str) -> str:
        """The address that one press is sent to (RFC 8058)."""
        return f"{self.site}/u/{token}"


def html_page(inside: str, subject: str, language: str, house: House) -> str:
    """A whole page: language and direction said, one `main`, no style or image from elsewhere."""
    why, leave, change, tag = _foot(language, house)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction(language)}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(subject)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<main>\n{inside}</main>\n<footer lang="{tag}" dir="{direction(tag)}">\n'
        f"<p>{escape(why)}</p>\n"
        f'<p><a href="{escape(house.site)}/u/{{{{unsubscribe}}}}">{leave}</a></p>\n'
        f'<p><a href="{escape(house.site)}/p/{{{{preferences}}}}">{change}</a></p>\n'
        f"<p>{escape(house.sender_name)}, {escape(house.postal_address)}</p>\n"
        "</footer>\n</body>\n</html>\n"
    )


def text_page(inside: str, language: str, house: House) -> str:
    """The same foot under the plain text."""
    why, leave, change, _ = _foot(language, house)
    return (
        f"{inside}\n-- \n{why}\n\n{leave}:\n{house.site}/u/{{{{unsubscribe}}}}\n\n"
        f"{change}:\n{house.site}/p/{{{{preferences}}}}\n\n"
        f"{house.sender_name}, {house.postal_address}\n"
    )


def _foot(language: str, house: House) -> tuple[str, str, str, str]:
    tag = chosen([language], _WORDS, "en")
    why, leave, change = _WORDS[tag]
    return why.format(list=house.list_name), leave, change, tag
