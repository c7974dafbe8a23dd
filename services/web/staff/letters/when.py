"""A time as an editor writes it: on Stockholm's clock, which is put forward and back each year."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.web.wording import STOCKHOLM


def instant(text: str) -> tuple[str | None, str]:
    """A time on Stockholm's clock, as the API takes it; or None, and the name of why not.

    Of two that are called the same when summer ends it is the first.
    """
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None, "staff_mailing_no_time"
    if written.tzinfo is not None:
        return written.astimezone(UTC).isoformat(), ""
    here = ZoneInfo(STOCKHOLM)
    instant = written.replace(tzinfo=here).astimezone(UTC)
    if instant.astimezone(here).replace(tzinfo=None) != written:
        return None, "staff_mailing_skipped_time"
    return instant.isoformat(), ""
