"""Public holidays of a country or a part of it, by the `holidays` package."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _


def no_holidays(day: date) -> str:
    return ""


def public_holidays(place: str) -> Callable[[date], str]:
    """What names a day's holiday in a place such as ``DE`` or ``DE-BY``; nothing is loaded before
    a day is asked about. A place that is not known (any more) has none."""
    if not place.strip():
        return no_holidays
    calendar: list[Callable[[date], str]] = []

    def name(day: date) -> str:
        if not calendar:
            try:
                calendar.append(_calendar(place))
            except BadInput:
                calendar.append(no_holidays)
        return calendar[0](day)

    return name


def check_place(place: str) -> None:
    """Raises BadInput where a place's holidays are not known."""
    if place.strip():
        _calendar(place)


def _calendar(place: str) -> Callable[[date], str]:
    import holidays

    country, part = [*"".join(place.split()).upper().split("-", 1), ""][:2]
    try:
        found = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise BadInput(
            _(
                "The holidays of {place} are not known: give a country's two letters, and a part "
                "of it where it has its own, such as DE-BY or US-CA."
            ).format(place=repr(place))
        ) from None
    return lambda day: found.get(day) or ""
