"""From punches to spans of work, from spans to days, from days to sheets; all pure."""

from kiosk.domain.hours.days import DayRow, Flag, Flagged
from kiosk.domain.hours.looks import Reading, read_look
from kiosk.domain.hours.rules import LONGEST, BreakRule, Forgotten, Rounding, Rules, Way
from kiosk.domain.hours.spans import Break, Span, spans

__all__ = [
    "LONGEST",
    "Break",
    "BreakRule",
    "DayRow",
    "Flag",
    "Flagged",
    "Forgotten",
    "Reading",
    "Rounding",
    "Rules",
    "Span",
    "Way",
    "read_look",
    "spans",
]
