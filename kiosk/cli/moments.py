"""Days and moments as they are typed on the command line: local time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _


def day(text: str) -> date:
    """Raises BadInput where it is none."""
    try:
        found = date.fromisoformat(text.strip())
        for near in (-3, 3):  # what is recorded is looked for some days around
            datetime.combine(found + timedelta(days=near), time()).astimezone()
        return found
    except (ValueError, OverflowError, OSError):  # no day, or before or after all calendars
        raise BadInput(
            _("{text} is no day: write it as 2026-11-24.").format(text=repr(text))
        ) from None


def moment(text: str) -> datetime:
    """With its zone. Raises BadInput where it is none."""
    try:
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError, OSError):  # no time, or before or after all calendars
        raise BadInput(
            _("{text} is no time: write it as 2026-11-24 or 2026-11-24T07:00, local time.").format(
                text=repr(text)
            )
        ) from None
