"""Somebody who works for a month, looks into the camera as people do, and answers now and then.

What is true is known; of the looks some are missed, some are taken twice, and now and then the
camera sees somebody who only walks by. What the sheet then says is held against the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from kiosk.domain.attendance import ClockEvent, Direction, Evidence, working_day
from kiosk.domain.hours import DayRow, Flagged, Rules
from kiosk.domain.hours.shifts import Assignment, Rota
from kiosk.services.attendance import Attendance
from tests.services.attendance.played import ASKED
from tests.services.attendance.remembered import ADA, Remembered

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
ZONE: Final = ZoneInfo("Europe/Berlin")
DAY_STARTS: Final = 4
IN, OUT = Direction.IN, Direction.OUT
SAYS: Final = ASKED | {Flagged.LATE, Flagged.EARLY, Flagged.DAY_OFF, Flagged.SHORT_REST}
"""Every flag that makes whoever signs look at a day."""

Stay = tuple[time, float]
"""From when (by the clock on the wall), for how many hours."""
KINDS: Final[Mapping[str, Callable[[int], list[Stay]]]] = {
    "office": lambda _: [(time(8), 4), (time(12, 45), 4)],
    "through": lambda _: [(time(7), 8)],
    "night": lambda _: [(time(22), 8)],
    "long days": lambda _: [(time(7), 11.8)],
    "long nights": lambda _: [(time(19), 11.8)],
    "split": lambda _: [(time(6), 4), (time(16), 4)],
    "turning": lambda week: [((time(6), time(14), time(22))[week % 3], 8)],
    "on call": lambda _: [(time(8), 24)],
}


@dataclass(frozen=True)
class Chances:
    """Of each look that it is missed or taken twice, of each hour that somebody walks by, and that
    a question is answered."""

    missed: float = 0.01
    twice: float = 0.01
    passes: float = 0.001
    answers: float = 0.6


@dataclass
class Month:
    """What came of one: the days by how they were told, and those that are wrong in silence."""

    rows: Mapping[date, DayRow]
    truth: Mapping[date, timedelta]
    stays: Mapping[date, list[tuple[datetime, datetime]]]
    slips: Mapping[date, list[str]]
    told: Counter[str] = field(default_factory=Counter)
    silent: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        for day in self.rows.keys() | self.truth.keys():
            row, real = self.rows.get(day), self.truth.get(day, timedelta())
            right = (row.counted if row else timedelta()) == real
            asks = any(self._asks(near) for near in (row, *self._beside(day)))
            self.told[f"{'right' if right else 'wrong'}, {'asked' if asks else 'not asked'}"] += 1
            if not right and not asks:
                self.silent.append(day)

    def _asks(self, row: DayRow | None) -> bool:
        return row is not None and any(flag.what in SAYS for flag in row.flags)

    def _beside(self, day: date) -> list[DayRow]:
        """The rows that have looks of the day's stays: where the coming was missed of a night that
        is the next day's."""
        stays = self.stays.get(day, [])
        near = (self.rows.get(day + timedelta(days=by)) for by in (-1, 1))
        return [
            row
            for row in near
            if row is not None
            and any(
                came <= event.at <= went + HOUR / 4 for event in row.events for came, went in stays
            )
        ]

    def slips_at(self, day: date) -> list[str]:
        """What went wrong on a day, and since the days before that were right."""
        found: list[str] = []
        while True:
            found = self.slips.get(day, []) + found
            day -= timedelta(days=1)
            row = self.rows.get(day)
            if row is None or row.counted == self.truth.get(day, timedelta()):
                return found


class Worker:
    """One month, by chance."""

    def __init__(
        self, chance: Random, kind: str, chances: Chances, *, rota: bool, rules: Rules
    ) -> None:
        self._chance = chance
        self._chances = chances
        self._begin = date(2026, chance.randint(1, 12), 1)
        self._kind = kind
        self._slips: dict[date, list[str]] = {}
        self._truth: dict[date, timedelta] = {}
        self._stays: dict[date, list[tuple[datetime, datetime]]] = {}
        self._real: list[tuple[datetime, Direction]] = []
        planned = self._rota() if rota else []
        self._records = Remembered(assignments=planned)
        self._attendance = Attendance(cast(Any, self._records), DAY_STARTS, ZONE, rules=rules)
        self._rules = rules
        self._id = 0

    def month(self) -> Month:
        for day, stays in self._days():
            truth = timedelta()
            for came, went in stays:
                truth += went.replace(second=0) - came.replace(second=0)
                self._real += [(came, IN), (went, OUT)]
            if stays:
                self._truth[day] = truth
                self._stays[day] = stays
        for at, direction in self._looks():
            self._look(at, direction)
        last = max(self._truth) + timedelta(days=2)
        rows = self._attendance.days(self._begin - timedelta(days=1), last)
        of_month = {row.day: row for row in rows if row.day in self._truth or row.events}
        return Month(of_month, self._truth, self._stays, self._slips)

    def _rota(self) -> list[Assignment]:
        shifts = []
        for week in range(3):
            stays = KINDS[self._kind](week)
            first, (start, hours) = stays[0][0], stays[-1]
            ends = datetime.combine(self._begin, start) + hours * HOUR
            shift = f"{first:%H:%M}-{ends:%H:%M}"
            shifts += [shift] * 5 + ["-"] * 2 if self._kind != "on call" else [shift, "-"] * 4
        days = shifts[:2] if self._kind == "on call" else shifts
        rota = replace(Rota.parse("Rota", ",".join(days), 10 * MINUTE), id=1)
        return [Assignment(ADA, self._begin, rota)]

    def _days(self) -> Iterator[tuple[date, list[tuple[datetime, datetime]]]]:
        for number in range(28):
            day = self._begin + timedelta(days=number)
            works = number % 2 == 0 if self._kind == "on call" else number % 7 < 5
            yield day, [self._stay(day, *one) for one in self._of(number)] if works else []

    def _of(self, number: int) -> list[Stay]:
        return KINDS[self._kind](number // 7)

    def _stay(self, day: date, start: time, hours: float) -> tuple[datetime, datetime]:
        local = datetime.combine(day, start, ZONE)
        ends = (datetime.combine(day, start) + hours * HOUR).replace(tzinfo=ZONE)
        return self._about(local), self._about(ends)

    def _about(self, local: datetime) -> datetime:
        return local.astimezone(UTC) + self._chance.randint(-300, 300) * SECOND

    def _looks(self) -> list[tuple[datetime, Direction]]:
        """What the camera sees: each with what it really is."""
        found: list[tuple[datetime, Direction]] = []
        for number, (at, direction) in enumerate(self._real):
            came = self._real[number - number % 2][0]
            if self._chance.random() < self._chances.missed:
                self._slip(came, f"missed {direction}")
                continue
            found.append((at, direction))
            if self._chance.random() < self._chances.twice:
                self._slip(came, f"twice {direction}")
                found.append((at + self._chance.randint(61, 720) * SECOND, Direction.SEEN))
        for (came, _), (went, _) in zip(self._real[::2], self._real[1::2], strict=True):
            for hour in range(1, int((went - came) / HOUR)):
                if self._chance.random() < self._chances.passes:
                    self._slip(came, "walks by")
                    found.append((came + (hour + self._chance.random() / 2) * HOUR, Direction.SEEN))
        return sorted(found)

    def _slip(self, came: datetime, what: str) -> None:
        day = working_day(came.astimezone(ZONE), DAY_STARTS)
        self._slips.setdefault(day, []).append(what)

    def _look(self, at: datetime, real: Direction) -> None:
        reading = self._attendance.read_look(ADA, at)
        event = self._event(reading.likely, at)
        event = replace(event, doubt=reading.doubt)
        answers = self._chance.random() < self._chances.answers
        if reading.doubt is not None and answers and real in reading.options:
            event = replace(event, direction=real, answered=True)
        self._records.keep(event)
        if reading.forgotten is not None and answers:
            self._left(reading.forgotten, at)

    def _left(self, forgotten: ClockEvent, now: datetime) -> None:
        """She says when she left, if she came then."""
        if (forgotten.at, IN) not in self._real:
            return
        left = self._real[self._real.index((forgotten.at, IN)) + 1][0]
        if left < now:
            self._records.keep(replace(self._event(OUT, left), evidence=Evidence.PERSON))

    def _event(self, direction: Direction, at: datetime) -> ClockEvent:
        self._id += 1
        offset = (at.astimezone(ZONE).utcoffset() or timedelta()) // MINUTE
        return ClockEvent(self._id, ADA, direction, at, utc_offset_minutes=offset)
