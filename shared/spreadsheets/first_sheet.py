"""Which sheet of a workbook is read; run as a program, it tries whether that one can be opened.

A few kilobytes can say that a cell stands in a sheet's last corner. The library makes room for all
that lies between, and where there is no room it ends the whole process. So each workbook is opened
once beforehand in a process of its own, with little memory: what floods it ends nothing else.
"""

from __future__ import annotations

import contextlib
import io
import resource
import subprocess
import sys

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum, load_workbook

_SECONDS = 60
_TRIED = "ok"


def first_sheet(book: CalamineWorkbook) -> CalamineSheet | None:
    """The first that is shown and holds something; None when none does."""
    shown = [each for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    sheets = (book.get_sheet_by_name(each.name) for each in shown or book.sheets_metadata)
    return next((sheet for sheet in sheets if sheet.height), None)


def floods(content: bytes, memory: int) -> bool:
    """Whether opening it takes more than so many bytes of memory, or a minute.

    A file that cannot be opened at all floods nothing: whoever opens it next finds that out.
    """
    try:
        tried = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-I", __file__, str(memory)],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return tried.stdout.decode() != _TRIED


def _try(memory: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    content = io.BytesIO(sys.stdin.buffer.read())
    # The library panics on some files, which is no Exception.
    with contextlib.suppress(BaseException):
        first_sheet(load_workbook(content))
    sys.stdout.write(_TRIED)


if __name__ == "__main__":
    _try(int(sys.argv[1]))
