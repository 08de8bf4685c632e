"""Lengths of time as sheets write them, by whole numbers alone: no hour is ever a float."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)


def whole(time: timedelta) -> timedelta:
    """Whole seconds, what is less is left out."""
    return time // SECOND * SECOND


def hms(time: timedelta) -> str:
    """``7:30:05``; hours go on past 24."""
    sign, hours, minutes, seconds = _parts(time)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"


def hm(time: timedelta) -> str:
    """``7:30``, and ``7:30:05`` where there are seconds: nothing is hidden."""
    sign, hours, minutes, seconds = _parts(time)
    return f"{sign}{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def signed(time: timedelta) -> str:
    """As ``hm``, with a plus before a gain and a true minus before a loss."""
    text = hm(abs(time))
    if not time:
        return text
    return f"+{text}" if time > timedelta() else f"−{text}"


def decimal(time: timedelta, point: str = ".") -> str:
    """Hours with two places, half a hundredth up: ``7.50``."""
    sign = "-" if time < timedelta() else ""
    hundredths = (abs(time) // SECOND * 100 + 1800) // 3600
    return f"{sign}{hundredths // 100}{point}{hundredths % 100:02}"


def whole_minutes(time: timedelta) -> timedelta:
    """Up to the next minute: how much is missing, for people."""
    return -(-time // MINUTE) * MINUTE


def _parts(time: timedelta) -> tuple[str, int, int, int]:
    seconds = abs(time) // SECOND
    sign = "-" if time < timedelta() and seconds else ""
    return sign, seconds // 3600, seconds // 60 % 60, seconds % 60
