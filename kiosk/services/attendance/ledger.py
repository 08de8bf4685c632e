"""What closed periods say, and what has changed in them since."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Final

from kiosk.domain.hours import DayRow
from kiosk.domain.hours.periods import Key, Period, PeriodLine, changed, looked_at, settled
from kiosk.domain.language import _
from kiosk.domain.records import Records
from kiosk.domain.settings import Settings, SettingValue
from kiosk.services.attendance.reading import Attendance

SHAPING: Final = (
    *("day_starts", "longest_shift", "breaks", "break_rule", "rounding", "rounding_way"),
    "forgotten",
)
"""The settings that hours follow from."""
NEAR: Final = timedelta(days=2)
"""How far from a day an event may lie that changes its hours: a night, and another zone."""


class Ledger:
    """Any thread; each call reads anew what it needs."""

    def __init__(self, records: Records, attendance: Attendance) -> None:
        self._records = records
        self._attendance = attendance

    def period_of(self, day: date) -> Period | None:
        """The closed period that holds a day."""
        return next((one for one in self._records.hours.periods() if one.holds(day)), None)

    def lines(
        self, since: date, until: date, rows: Sequence[DayRow] | None = None
    ) -> tuple[PeriodLine, ...]:
        """What the days from ``since`` to ``until``, both included, come to by now, by day and
        name; after them what has changed since in periods that were closed before. ``rows`` are
        the days where they were read already."""
        if rows is None:
            rows = self._attendance.days(since, until)
        return (*(_line(row) for row in rows if row.spans or row.counted), *self.carried(since))

    def carried(
        self, before: date, people: Collection[int] | None = None
    ) -> tuple[PeriodLine, ...]:
        """By how much days of closed periods that end before a day differ from what was settled:
        since each was closed, and not carried into another one yet. Of everybody or of some.

        Only days around which something was said since are read, and not years of them."""
        found: list[PeriodLine] = []
        periods = self._records.hours.periods()
        for period in periods:
            if period.until < before:
                attendance = self._attendance.under(period.rules)
                for day, touched in sorted(self._touched(period, periods).items()):
                    wanted = touched if people is None else touched.intersection(people)
                    if wanted:
                        found += self._changed(attendance, day, wanted)
        return tuple(found)

    def _touched(self, period: Period, periods: Sequence[Period]) -> dict[date, set[int]]:
        """Of whom something was said since near which days of a period."""
        begins = self._attendance.span(period.since - NEAR)[0]
        ends = self._attendance.span(period.until + NEAR)[1]
        found: defaultdict[date, set[int]] = defaultdict(set)
        said = self._records.clock_events.said_since(looked_at(period, periods), begins, ends)
        for person_id, at in said:
            about = self._attendance.today(at)
            for number in range(-NEAR.days, NEAR.days + 1):
                day = about + timedelta(days=number)
                if period.holds(day):
                    found[day].add(person_id)
        return found

    def _changed(
        self, attendance: Attendance, day: date, people: Collection[int]
    ) -> Iterator[PeriodLine]:
        rows = {(row.person_id, day): row for row in attendance.days(day, day, people)}
        stands = [
            line for line in self._records.hours.period_lines(day=day) if line.person_id in people
        ]
        named: dict[Key, PeriodLine] = {(line.person_id, line.day): line for line in stands}
        now = {key: _seconds(row.counted) for key, row in rows.items()}
        for key, by in changed(now, settled(stands)).items():
            row = rows.get(key)
            known = _line(row) if row is not None else named[key]
            why = self._why(row) if row is not None else ""
            yield PeriodLine(
                known.person_id,
                known.name,
                known.staff_number,
                day,
                by,
                carried=True,
                why=why or _("corrected after the period was closed"),
            )

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
