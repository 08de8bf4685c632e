"""What a site has agreed on about hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk.domain.settings import Settings

LONGEST: Final = timedelta(hours=16)
"""The longest shift, unless a site says otherwise."""
BREAKS_BY_LAW: Final = (
    (timedelta(hours=6), timedelta(minutes=30)),
    (timedelta(hours=9), timedelta(minutes=45)),
)
"""Whoever works longer than the first must rest for the second (German ArbZG, section 4; the
directive 2003/88/EC, article 4, leaves the figures to each country)."""
LEAST_BREAK: Final = timedelta(minutes=15)
"""Shorter ones are no breaks by the same law."""


class Way(StrEnum):
    """To which side times are rounded."""

    CLOCK = "clock"
    """Down, a coming and a going alike, as the clock on the wall shows them."""
    NEAREST = "nearest"
    INWARD = "inward"
    """A coming up and a going down: hours only get fewer."""
    OUTWARD = "outward"
    """A coming down and a going up: hours only get more."""


class BreakRule(StrEnum):
    """What follows from a break that is shorter than the law's."""

    OFF = "off"
    WARN = "warn"
    DEDUCT = "deduct"


class Forgotten(StrEnum):
    """What counts where somebody never clocked out and nobody has said when they left."""

    OPEN = "open"
    """Nothing, until somebody says."""
    SHIFT = "shift"
    """To the end of their shift, marked as assumed."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How times become the times that count. ``step`` is in minutes, a divisor of 60."""

    step: int = 1
    way: Way = Way.CLOCK

    @property
    def one_sided(self) -> bool:
        """Whether the same side gains every time."""
        return self.way in (Way.INWARD, Way.OUTWARD)

    def came(self, local: datetime) -> datetime:
        """A coming, or the end of a break, by the clock on the wall."""
        return self._rounded(local, up=self.way is Way.INWARD)

    def went(self, local: datetime) -> datetime:
        """A going, or the beginning of a break."""
        return self._rounded(local, up=self.way is Way.OUTWARD)

    def _rounded(self, local: datetime, *, up: bool) -> datetime:
        if self.way is Way.NEAREST:
            local += timedelta(minutes=self.step) / 2
        elif up:
            local += timedelta(minutes=self.step, microseconds=-1)
        return local.replace(minute=local.minute // self.step * self.step, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Rules:
    """``usual``: longer stays are asked about; ``shortest``: shorter ones, and goings so soon
    after each other. ``by_touch``: people choose what they do; ``breaks``: the kiosk offers to
    begin one. ``rest``: between two shifts, zero where nobody asks for any."""

    longest: timedelta = LONGEST
    usual: timedelta = timedelta(hours=12)
    shortest: timedelta = timedelta(minutes=5)
    by_touch: bool = False
    breaks: bool = False
    paid_breaks: bool = False
    break_rule: BreakRule = BreakRule.WARN
    rest: timedelta = timedelta(hours=11)
    rounding: Rounding = Rounding()
    forgotten: Forgotten = Forgotten.OPEN

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """As the settings say."""
        return cls(
            longest=timedelta(hours=settings.longest_shift),
            usual=timedelta(hours=settings.usual_shift),
            shortest=timedelta(minutes=settings.shortest_stay),
            by_touch=settings.clock_by == "touch",
            breaks=settings.breaks != "off",
            paid_breaks=settings.breaks == "paid",
            break_rule=BreakRule(settings.break_rule),
            rest=timedelta(hours=settings.rest),
            rounding=Rounding(int(settings.rounding), Way(settings.rounding_way)),
            forgotten=Forgotten(settings.forgotten),
        )
