"""The command's first moment: Ctrl-C is answered in an orderly way before anything is imported."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Sequence
from itertools import pairwise

CANCELLED = 130
_SENTENCES = {"sv": "Avbrutet.", "en": "Cancelled."}


class PressedTooEarly(BaseException):
    """Ctrl-C before a command had a screen. No KeyboardInterrupt: typer keeps those for itself."""


def main() -> None:
    """Run the command line."""
    # Not where it is ignored, as in a script's background jobs.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _pressed)
    try:
        from deploy.cli.main import app

        app()
    except (PressedTooEarly, KeyboardInterrupt):
        sys.exit(cancelled(sys.argv[1:]))


def begun() -> None:
    """A command has its screen now, and answers Ctrl-C itself."""
    if signal.getsignal(signal.SIGINT) is _pressed:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _pressed(*_: object) -> None:
    raise PressedTooEarly


def cancelled(typed: Sequence[str]) -> int:
    """Say so, in JSON too if that is asked for; gives the exit code."""
    sentence = _SENTENCES[language_of(typed)]
    sys.stderr.write(sentence + "\n")
    if "--json" in typed:
        answer = {"error": {"kind": "cancelled", "sentence": sentence}}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    return CANCELLED


def language_of(typed: Sequence[str]) -> str:
    """As far as it can be seen in a line that nobody has read yet."""
    after = dict(pairwise(typed)).get("--language", "")
    return "en" if "--language=en" in typed or after == "en" else "sv"
