"""What stores hand out of a person: content that only a recorded reading opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class NotRecorded(Exception):
    """The reading that was recorded does not name what is being opened: a mistake in our code."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry that allowed a reading is committed. Made by `Audit` alone (a test sees to it)."""

    subjects: frozenset[str]
    fields: frozenset[str]


class Sealed(Generic[T]):
    """Content that names whom it is about and which fields it shows (names, never values).

    It cannot be printed, copied to disk or put into an answer: `Reading.open` and `Audit.open` give
    the content, and only after the entry that says so is committed.
    """

    __slots__ = ("_content", "fields", "subjects")

    def __init__(self, content: T, *, subjects: Iterable[str], fields: Iterable[str]) -> None:
        self._content = content
        self.subjects = tuple(dict.fromkeys(subjects))
        self.fields = tuple(dict.fromkeys(fields))

    def map(self, change: Callable[[T], U]) -> Sealed[U]:
        """The same seal around something made of the content; `change` must keep it to itself."""
        return Sealed(change(self._content), subjects=self.subjects, fields=self.fields)

    @staticmethod
    def both(one: Sealed[T], other: Sealed[U]) -> Sealed[tuple[T, U]]:
        """Two contents under one seal that names all of both."""
        return Sealed(
            (one._content, other._content),
            subjects=(*one.subjects, *other.subjects),
            fields=(*one.fields, *other.fields),
        )

    def opened_by(self, receipt: Receipt) -> T:
        """The content.

        Raises:
            NotRecorded: the receipt is for other people or other fields.
        """
        if not receipt.subjects.issuperset(self.subjects):
            raise NotRecorded("opened for subjects that no entry names")
        if not receipt.fields.issuperset(self.fields):
            raise NotRecorded("opened for fields that no entry names")
        return self._content

    def __repr__(self) -> str:
        return f"Sealed(subjects={len(self.subjects)}, fields={self.fields})"

    def __reduce__(self) -> NoReturn:
        raise NotRecorded("a seal is not copied or stored")
