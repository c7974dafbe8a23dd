"""One chain for every log line, ours and the libraries': JSON, or colours in a terminal.

A line is an event name in snake_case with fields: `log.info("booking_confirmed", booking_id=…)`.
Exceptions are told by class and place in the code, never by message: messages repeat values.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from pydantic import ValidationError
from structlog.typing import Processor

from shared.observability.tracing import current_trace_id
from shared.privacy.redaction import redact_line

LIBRARIES = ("uvicorn", "uvicorn.error", "aio_pika", "aiormq", "motor", "pymongo", "faststream")
_FRAMES = 12
Line = MutableMapping[str, Any]


def set_up(
    profile: Literal["local", "production"], service: str, process: str, *, level: str = "INFO"
) -> None:
    """Route structlog and the standard library through one chain to standard output.

    JSON in production and whenever standard output is not a terminal; colours in a terminal.
    """
    readable = profile == "local" and sys.stdout.isatty()
    shared = _shared_chain(service, process)
    renderer = _colours() if readable else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            pass_foreign_args=True,
            foreign_pre_chain=[_only_the_words, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    sys.excepthook = _tell_crash
    _quieten_libraries()


def _shared_chain(service: str, process: str) -> list[Processor]:
    def say_who(_logger: Any, _method: str, line: Line) -> Line:
        line["service"], line["process"] = service, process
        trace = current_trace_id()
        if trace:
            line["trace_id"] = trace
        return line

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        say_who,
        tell_exception_without_message,
        redact_line,
    ]


def tell_exception_without_message(_logger: Any, _method: str, line: Line) -> Line:
    """Replace `exc_info` by the class of the exception and the places it passed."""
    info = line.pop("exc_info", None)
    if not info:
        return line
    error = info if isinstance(info, BaseException) else sys.exc_info()[1]
    if isinstance(info, tuple):
        error = info[1]
    if error is not None:
        line.update(place_of(error))
    return line


def place_of(error: BaseException) -> dict[str, Any]:
    """An exception as fields of a line: its class, and where it passed in the code."""
    return {
        "exception": f"{type(error).__module__}.{type(error).__qualname__}",
        "frames": _frames_of(error),
    }


def _frames_of(error: BaseException) -> list[str]:
    """`file:line function`, outermost first; no source lines, no values."""
    # Not `extract_tb`: that reads every source file on the way.
    passed = list(traceback.walk_tb(error.__traceback__))[-_FRAMES:]
    return [f"{at.f_code.co_filename}:{line} {at.f_code.co_name}" for at, line in passed]


def _tell_crash(kind: type[BaseException], error: BaseException, _: object) -> None:
    """The last words of a process. Of wrong settings, their names; of nothing, the values."""
    if issubclass(kind, KeyboardInterrupt):
        return
    wrong = (
        [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()]
        if isinstance(error, ValidationError)
        else None
    )
    structlog.get_logger().critical("process_crashed", **place_of(error), wrong_fields=wrong)


def _only_the_words(_logger: Any, _method: str, line: Line) -> Line:
    """A library's sentence stands, unless it was filled in with an exception's words."""
    arguments = line.pop("positional_args", ())
    record = line.get("_record")
    given = arguments if isinstance(arguments, tuple) else ()
    if record is not None and any(isinstance(one, BaseException) for one in given):
        line["event"] = str(record.msg)
    return line


def _colours() -> Processor:
    return structlog.dev.ConsoleRenderer(colors=True, pad_event_to=28)


def _quieten_libraries() -> None:
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(logging.INFO if name.startswith("uvicorn") else logging.WARNING)
    # Our own middleware writes the access line, with the route's template in place of the path.
    logging.getLogger("uvicorn.access").disabled = True
    for chatty in ("httpx", "httpcore", "pymongo.command", "pymongo.connection", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
