"""A child of a mailer that writes and signs: `python -m services.publishing.mailing.scribe FD`.

It is told its keys and what is wanted through a pipe, and ends with whoever holds the other end.
What it wrote is put into memory that both share, the file `FD`, and how long that is into the pipe.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from services.publishing.domain.languages import HOUSE, chosen
from services.publishing.mailing.compiling import Variant, compile_variant
from services.publishing.mailing.scribing import (
    LENGTH,
    Question,
    answer,
    asked,
    desk_of,
)
from services.publishing.mailing.writing import Desk, Letter
from shared.kernel import memory

_KEPT = 8


class Scribe:
    """Variants of the last mailings are kept compiled."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: OrderedDict[str, Mapping[str, Variant]] = OrderedDict()

    def write(self, question: Question) -> list[Letter]:
        """Each in the language that is nearest to the reader's own."""
        variants, (readers, languages) = self._variants(question), question.some
        nearest = lru_cache(lambda language: variants[chosen([language], variants, HOUSE[0])])
        groups: dict[str, tuple[Variant, list[int]]] = {}
        for at, language in enumerate(languages):
            variant = nearest(language)
            groups.setdefault(variant.language, (variant, []))[1].append(at)
        letters: dict[int, Letter] = {}
        for variant, places in groups.values():
            some = [readers[at] for at in places]
            letters.update(zip(places, self._desk.letters(variant, some, question.at), strict=True))
        return [letters[at] for at in range(len(letters))]

    def _variants(self, question: Question) -> Mapping[str, Variant]:
        if question.variants is not None:
            found = {
                words.language: compile_variant(words, house) for words, house in question.variants
            }
            self._known[question.mailing_id] = found
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(question.mailing_id)
        return self._known[question.mailing_id]


def read(pipe: BinaryIO) -> bytes | None:
    """One frame, or None at the end."""
    head = pipe.read(LENGTH.size)
    return pipe.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def put(shared: int, said: bytes) -> None:
    """At the beginning of it, whole."""
    at, rest = 0, memoryview(said)
    while rest:
        written = os.pwrite(shared, rest, at)
        at, rest = at + written, rest[written:]


def main() -> None:
    """Until nobody asks any more."""
    told = read(sys.stdin.buffer)
    if told is None:
        return
    scribe, shared = Scribe(desk_of(told)), int(sys.argv[1])
    _step_back_as_far_as_who_started_us()
    memory.started()
    while (data := read(sys.stdin.buffer)) is not None:
        said = answer(scribe.write(asked(data)))
        put(shared, said)
        sys.stdout.buffer.write(LENGTH.pack(len(said)))
        sys.stdout.buffer.flush()


def _step_back_as_far_as_who_started_us() -> None:
    """Linux may weigh sessions against each other (sched(7), autogroup), and this is a new one."""
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(os.nice(0)), "ascii")


if __name__ == "__main__":
    main()
