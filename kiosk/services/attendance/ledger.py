"""What closed periods say, and what has changed in them since."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from kiosk.domain.hours import DayRow
from kiosk.domain.hours.periods import Key, Period, PeriodLine, changed, settled
from kiosk.domain.language import _
from kiosk.domain.records import Records
from kiosk.domain.settings import Settings, SettingValue
from kiosk.services.attendance.reading import Attendance

SHAPING: Final = (
    *("day_starts", "longest_shift", "breaks", "break_rule", "rounding", "rounding_way"),
    "forgotten",
)
"""The settings that hours follow from."""


class Ledger:
    """Any thread; each call reads anew what it needs."""

    def __init__(self, records: Records, attendance: Attendance) -> None:
        self._records = records
        self._attendance = attendance

    def period_of(self, day: date) -> Period | None:
        """The closed period that holds a day."""
        return next((one for one in self._records.hours.periods() if one.holds(day)), None)

    def lines(self, since: date, until: date) -> tuple[PeriodLine, ...]:
        """What the days from ``since`` to ``until``, both included, come to by now, by day and
        name; after them what has changed since in periods that were closed before."""
        rows = self._attendance.days(since, until)
        return (*(_line(row) for row in rows if row.spans or row.counted), *self.carried(since))

    def carried(
        self, before: date, people: Collection[int] | None = None
    ) -> tuple[PeriodLine, ...]:
        """By how much days of closed periods that end before a day differ from what was settled:
        since each was closed, and not carried into another one yet. Of everybody or of some."""
        closed = [period for period in self._records.hours.periods() if period.until < before]
        if not closed:
            return ()
        rows = {(row.person_id, row.day): row for row in self._now(closed, people)}
        last = max(period.until for period in closed)
        stands = [
            line
            for line in self._records.hours.period_lines()
            if line.day <= last and (people is None or line.person_id in people)
        ]
        named: dict[Key, PeriodLine] = {(line.person_id, line.day): line for line in stands}
        now = {key: _seconds(row.counted) for key, row in rows.items()}
        found = []
        for key, by in changed(now, settled(stands)).items():
            row = rows.get(key)
            known = _line(row) if row is not None else named[key]
            why = self._why(row) if row is not None else ""
            found.append(
                PeriodLine(
                    known.person_id,
                    known.name,
                    known.staff_number,
                    known.day,
                    by,
                    carried=True,
                    why=why or _("corrected after the period was closed"),
                )
            )
        return tuple(found)

    def _now(self, closed: Sequence[Period], people: Collection[int] | None) -> Iterator[DayRow]:
        """The days of closed periods as they are now, each by the rules of its period."""
        for _rules, same in groupby(closed, key=lambda period: dict(period.rules)):
            periods = list(same)
            attendance = self._attendance.under(periods[0].rules)
            for row in attendance.days(periods[0].since, periods[-1].until, people):
                if any(period.holds(row.day) for period in periods):
                    yield row

    def _why(self, row: DayRow) -> str:
        """The reasons that stand beside a day's corrections."""
        said = [event.struck.why for event in self._attendance.struck(row) if event.struck]
        said += [event.note for event in row.events if event.by_hand and event.note]
        return "; ".join(dict.fromkeys(said))


def rules_in_force(stored: Mapping[str, SettingValue]) -> dict[str, SettingValue]:
    """Of all settings those that hours follow from."""
    settings = asdict(Settings.of(stored))
    return {name: settings[name] for name in SHAPING}


def totals(lines: Iterable[PeriodLine]) -> dict[int, timedelta]:
    """By the person's id."""
    found: defaultdict[int, timedelta] = defaultdict(timedelta)
    for line in lines:
        found[line.person_id] += line.counted
    return dict(found)


def digest(lines: Sequence[PeriodLine]) -> str:
    """The SHA-256 of the lines, each as CSV: whoever has the lines can make it again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for line in lines:
        writer.writerow(
            [
                line.person_id,
                line.name,
                line.staff_number or "",
                line.day.isoformat(),
                line.counted // timedelta(seconds=1),
                line.by_hand // timedelta(seconds=1),
                int(line.carried),
                line.why,
            ]
        )
    return hashlib.sha256(out.getvalue().encode("utf-8", "replace")).hexdigest()


def _line(row: DayRow) -> PeriodLine:
    return PeriodLine(
        row.person_id,
        row.name,
        row.staff_number,
        row.day,
        _seconds(row.counted),
        _seconds(row.counted_by_hand),
    )


def _seconds(time: timedelta) -> timedelta:
    """Whole seconds: what is kept of a period."""
    return time // timedelta(seconds=1) * timedelta(seconds=1)
