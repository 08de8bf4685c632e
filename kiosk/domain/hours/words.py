"""Plain words for what sheets say of a day, on screen, on paper and in files alike."""

from __future__ import annotations

from typing import Final

from kiosk.domain.attendance import Evidence
from kiosk.domain.hours.days import DayRow, Flag, Flagged
from kiosk.domain.hours.durations import hm, whole_minutes
from kiosk.domain.hours.rules import Rules, Way
from kiosk.domain.language import _, counted, marked

FLAGS: Final = {
    Flagged.OPEN_END: marked("open end"),
    Flagged.ASSUMED_END: marked("end of the shift assumed"),
    Flagged.UNANSWERED: marked("open question"),
    Flagged.CLOCK: marked("clock in doubt"),
    Flagged.LONG: marked("there for {time}"),
    Flagged.BRIEF: marked("gone after minutes"),
    Flagged.SHORT_BREAK: marked("break {time} too short"),
    Flagged.DEDUCTED: marked("{time} of break deducted"),
    Flagged.SHORT_REST: marked("rest before {time} too short"),
    Flagged.LATE: marked("{time} late"),
    Flagged.EARLY: marked("{time} early"),
    Flagged.MISSING: marked("nothing recorded"),
    Flagged.DAY_OFF: marked("worked on a day off"),
    Flagged.AWAY: marked("worked in spite of an absence"),
}

EVIDENCE: Final = {
    Evidence.FACE: marked("face"),
    Evidence.PIN: marked("PIN"),
    Evidence.PERSON: marked("said by the person"),
    Evidence.HAND: marked("by hand"),
    Evidence.IMPORT: marked("imported"),
    Evidence.RECORDING: marked("from a recording"),
}


def flag_words(flag: Flag) -> str:
    """Such as ``0:12 late``: up to the next minute, but for what is deducted."""
    time = flag.by if flag.what is Flagged.DEDUCTED else whole_minutes(flag.by)
    return _(FLAGS[flag.what]).format(time=hm(time))


def notes(row: DayRow) -> tuple[str, ...]:
    """All that is to be said of a day: absence, holiday, flags, reasons of what was put right."""
    said = [row.absence.kind if row.absence else "", row.holiday]
    said += [flag_words(flag) for flag in row.flags]
    said += [event.note for event in row.events if event.by_hand]
    return tuple(dict.fromkeys(text for text in said if text))


def rounding_words(rules: Rules) -> str:
    """By which times count."""
    step = counted(
        "Times count by the minute", "Times count by {count} minutes", rules.rounding.step
    )
    return f"{step}, {_(_WAYS[rules.rounding.way])}."


def one_sided_words(rules: Rules) -> str:
    """A sentence where the same side gains with every rounding; empty where it may be either."""
    if rules.rounding.way is Way.INWARD:
        return _("This rule is one-sided: every rounding takes time from whoever works.")
    if rules.rounding.way is Way.OUTWARD:
        return _("This rule is one-sided: every rounding gives time to whoever works.")
    return ""


_WAYS: Final = {
    Way.CLOCK: marked("coming and going alike rounded down"),
    Way.NEAREST: marked("rounded to the nearest"),
    Way.INWARD: marked("coming rounded up and going down"),
    Way.OUTWARD: marked("coming rounded down and going up"),
}
