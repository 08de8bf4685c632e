"""A person's hours over some days, as both sides sign them: what counts, what it rests on, and who
gains by rounding. Lengths are whole seconds: what is printed adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Final

from kiosk.domain.attendance import Evidence
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import DayRow, Flagged, Rules, Span
from kiosk.domain.hours.days import counted as counted_of
from kiosk.domain.hours.durations import hm, whole
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.words import one_sided_words
from kiosk.domain.language import _, marked
from kiosk.domain.records import Records
from kiosk.services.admin.periods import Unsettled
from kiosk.services.attendance.ledger import Ledger
from kiosk.services.attendance.reading import Attendance

NOTHING: Final = timedelta()
LONGEST_RANGE: Final = 3660
"""Days that a sheet may have: ten years."""


class Basis(StrEnum):
    """What hours rest on: the weakest of all that was recorded of a stay."""

    FACE = "face"
    PIN = "pin"
    PERSON = "person"
    HAND = "hand"
    IMPORT = "import"
    RECORDING = "recording"
    ASSUMED = "assumed"
    """A rule put the shift's end in the place of a forgotten going."""
    CLOSED = "closed"
    """The day has changed since its period was closed: as it stood then."""


BASES: Final = {
    Basis.FACE: marked("face"),
    Basis.PIN: marked("PIN"),
    Basis.PERSON: marked("said by the person"),
    Basis.HAND: marked("by hand"),
    Basis.IMPORT: marked("imported"),
    Basis.RECORDING: marked("a recording"),
    Basis.ASSUMED: marked("assumed"),
    Basis.CLOSED: marked("as it was closed"),
}
_WEAKER: Final = {evidence: place for place, evidence in enumerate(Evidence)}
_BASIS: Final = {evidence: Basis(evidence.value) for evidence in Evidence}


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole seconds. ``exact + paid - deducted + gain - changed`` is ``counted``.

    ``paid`` are breaks that count, ``deducted`` what was missing of the law's, ``gain`` what
    rounding gives (less than nothing: takes), ``changed`` by how much a closed day has changed
    since. ``by_hand``: of what counts, what rests on somebody's word."""

    exact: timedelta = NOTHING
    rested: timedelta = NOTHING
    paid: timedelta = NOTHING
    deducted: timedelta = NOTHING
    gain: timedelta = NOTHING
    changed: timedelta = NOTHING
    counted: timedelta = NOTHING
    by_hand: timedelta = NOTHING
    by_basis: Mapping[Basis, timedelta] = field(default_factory=dict)

    def __add__(self, other: Figures) -> Figures:
        bases = [basis for basis in Basis if basis in self.by_basis or basis in other.by_basis]
        return Figures(
            self.exact + other.exact,
            self.rested + other.rested,
            self.paid + other.paid,
            self.deducted + other.deducted,
            self.gain + other.gain,
            self.changed + other.changed,
            self.counted + other.counted,
            self.by_hand + other.by_hand,
            {
                basis: self.by_basis.get(basis, NOTHING) + other.by_basis.get(basis, NOTHING)
                for basis in bases
            },
        )


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day with its figures; where its period is closed they are those that were settled."""

    row: DayRow
    figures: Figures

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say of it."""
        row = self.row
        return not (row.spans or row.absence or row.planned or self.figures.counted)


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """One person's days from ``since`` to ``until``, both included. ``period`` is set where these
    are the days of a closed one, ``carried`` are the corrections of earlier periods that belong to
    this one, ``unsettled`` what nobody has said yet; ``partly`` are closed periods that hold some
    of these days only; ``holidays`` names the public holidays among the days."""

    person_id: int
    name: str
    staff_number: str | None
    group: str
    since: date
    until: date
    days: tuple[SheetDay, ...]
    rules: Rules
    carried: tuple[PeriodLine, ...] = ()
    period: Period | None = None
    partly: tuple[Period, ...] = ()
    unsettled: Unsettled = field(default_factory=Unsettled)
    holidays: Mapping[date, str] = field(default_factory=dict)

    @property
    def totals(self) -> Figures:
        """Of all days, without what is carried on."""
        return reduce(add, (day.figures for day in self.days), Figures())

    @property
    def carried_total(self) -> timedelta:
        """By how much earlier periods have changed."""
        return sum((line.counted for line in self.carried), NOTHING)

    @property
    def payable(self) -> timedelta:
        """What counts with what is carried on."""
        return self.totals.counted + self.carried_total

    @property
    def worked_days(self) -> int:
        """On how many days anything counts."""
        return sum(bool(day.figures.counted) for day in self.days)

    @property
    def summary(self) -> str:
        """In one sentence what it comes to, and how much of it rests on somebody's word."""
        totals = self.totals
        if not totals.by_hand:
            return _("{hours} h").format(hours=hm(totals.counted))
        return _("{hours} h, of which {by_hand} h by hand").format(
            hours=hm(totals.counted), by_hand=hm(totals.by_hand)
        )

    @property
    def proof(self) -> str:
        """Who gains by rounding, in a sentence or two."""
        gain = self.totals.gain
        if not gain:
            told = _("Over these days rounding favours nobody.")
        elif gain > NOTHING:
            told = _("Over these days rounding gives {name} {time} h.").format(
                name=self.name, time=hm(gain)
            )
        else:
            told = _("Over these days rounding takes {time} h from {name}.").format(
                name=self.name, time=hm(-gain)
            )
        return " ".join(part for part in (told, one_sided_words(self.rules)) if part)


class Sheets:
    """Any thread; each call reads anew: a second for a month of 500 people. StorageError."""

    def __init__(self, records: Records, attendance: Attendance) -> None:
        self._records = records
        self._attendance = attendance

    def of(
        self,
        since: date,
        until: date,
        people: Collection[int] | None = None,
        group: str = "",
        watch: Callable[[int, int], object] = lambda done, total: None,
    ) -> tuple[PersonSheet, ...]:
        """By name, of everybody or of some people, or of one group: whoever has anything to be
        told of, and whoever was named. ``watch`` is told how many are done of how many.

        Raises:
            BadInput: the last day lies before the first, too many days are asked for, or nobody is
                in the group.
        """
        _check(since, until)
        known = {person.id: person for person in self._records.people.find()}
        if group:
            of_group = {p.id for p in known.values() if p.group.casefold() == group.casefold()}
            if not of_group:
                raise BadInput(
                    _("Nobody is in a group {group}.").format(group=repr(group))
                    + " "
                    + _groups({p.group for p in known.values() if p.group})
                )
            people = of_group if people is None else of_group & set(people)
        periods = self._records.hours.periods()
        period = next((one for one in periods if (one.since, one.until) == (since, until)), None)
        # What was signed stays, whatever the site has agreed on since.
        attendance = self._attendance.under(period.rules) if period else self._attendance
        rows: defaultdict[int, list[DayRow]] = defaultdict(list)
        for row in attendance.days(since, until, people):
            rows[row.person_id].append(row)
        partly = tuple(
            one
            for one in periods
            if one is not period and one.since <= until and since <= one.until
        )
        lines = self._lines(since, period, people)
        waiting = self._waiting(since, until)
        each = (since + timedelta(days=number) for number in range((until - since).days + 1))
        holidays = {day: name for day in each if (name := self._attendance.holiday(day))}
        order = [*known, *(set(rows) - set(known)), *(set(lines) - set(known) - set(rows))]
        named = set(people or ()) if not group else set()
        wanted = [one for one in order if one in rows or one in lines or one in named]
        made = []
        for number, person_id in enumerate(wanted):
            mine, settled = rows.get(person_id, []), lines.get(person_id, [])
            said: list[DayRow | PeriodLine] = [*settled, *mine]
            newest = said[-1] if said else None
            person = known.get(person_id)
            if newest is None and person is None:
                continue
            frozen = {line.day: line for line in settled if not line.carried}
            days = _days(mine, frozen, attendance.rules, closed=period is not None)
            made.append(
                PersonSheet(
                    person_id,
                    newest.name if newest else person.name if person else "",
                    newest.staff_number if newest else person.staff_number if person else None,
                    person.group if person else "",
                    since,
                    until,
                    days,
                    attendance.rules,
                    tuple(line for line in settled if line.carried),
                    period,
                    partly,
                    Unsettled(
                        sum(row.flagged(Flagged.OPEN_END) for row in mine),
                        sum(row.flagged(Flagged.UNANSWERED) for row in mine),
                        waiting.get(person_id, 0),
                    ),
                    holidays,
                )
            )
            watch(number + 1, len(wanted))
        return tuple(made)

    def one(self, since: date, until: date, person_id: int) -> PersonSheet:
        """One person's, with a row for each day."""
        (sheet,) = self.of(since, until, (person_id,))
        return sheet

    def _lines(
        self, since: date, period: Period | None, people: Collection[int] | None
    ) -> dict[int, list[PeriodLine]]:
        """What a closed period says, or what is to be carried into an open one."""
        lines: Iterable[PeriodLine]
        if period is not None:
            lines = self._records.hours.period_lines(period.id)
        else:
            lines = Ledger(self._records, self._attendance).carried(since, people)
        found: defaultdict[int, list[PeriodLine]] = defaultdict(list)
        for line in lines:
            if people is None or line.person_id in people:
                found[line.person_id].append(line)
        return dict(found)

    def _waiting(self, since: date, until: date) -> dict[int, int]:
        """How many requests of each person nobody has answered."""
        begins, ends = self._attendance.span(since)[0], self._attendance.span(until)[1]
        found: defaultdict[int, int] = defaultdict(int)
        for one in self._records.hours.requests(open_only=True):
            if begins <= (one.moment or one.asked_at) < ends:
                found[one.person_id] += 1
        return found


def month(text: str) -> tuple[date, date]:
    """The first and the last day of a month written as ``2026-11``.

    Raises:
        BadInput: it is none.
    """
    try:
        first = datetime.strptime(text.strip(), "%Y-%m").date()
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError):
        raise BadInput(
            _("{text} is no month: write it as 2026-11.").format(text=repr(text))
        ) from None
    return first, last


def span_basis(span: Span) -> Basis:
    """What the hours of a stay rest on."""
    if span.assumed is not None:
        return Basis.ASSUMED
    found = {one.evidence for one in (span.came, span.went, *span.others) if one is not None}
    for pause in span.breaks:
        found.add(pause.began.evidence)
        if pause.ended is not None:
            found.add(pause.ended.evidence)
    return _BASIS[max(found, key=_WEAKER.__getitem__)]


def _groups(known: Collection[str]) -> str:
    if not known:
        return _("Give people a group on the page People first.")
    return _("There are: {groups}.").format(groups=", ".join(sorted(known)))


def _check(since: date, until: date) -> None:
    if until < since:
        raise BadInput(_("The last day lies before the first."))
    if (until - since).days >= LONGEST_RANGE:
        raise BadInput(_("These are more than ten years: ask for fewer days."))


def _days(
    rows: Iterable[DayRow], frozen: Mapping[date, PeriodLine], rules: Rules, *, closed: bool
) -> tuple[SheetDay, ...]:
    made = {row.day: SheetDay(row, _figures(row, rules)) for row in rows}
    if not closed:
        return tuple(made.values())
    for day, line in frozen.items():
        if day not in made:  # all of it was struck out since
            row = DayRow(line.person_id, line.name, line.staff_number, day, None, None, ())
            made[day] = SheetDay(row, Figures())
    return tuple(_settled(made[day], frozen.get(day)) for day in sorted(made))


def _figures(row: DayRow, rules: Rules) -> Figures:
    """Of a day as it stands now."""
    exact, rested, counts = whole(row.worked), whole(row.rested), whole(row.counted)
    paid = rested if rules.paid_breaks else NOTHING
    deducted = whole(sum((f.by for f in row.flags if f.what is Flagged.DEDUCTED), NOTHING))
    return Figures(
        exact,
        rested,
        paid,
        deducted,
        counts - exact - paid + deducted,
        NOTHING,
        counts,
        whole(row.counted_by_hand),
        _by_basis(row, rules, counts),
    )


def _by_basis(row: DayRow, rules: Rules, counts: timedelta) -> dict[Basis, timedelta]:
    """What counts of each stay by what it rests on. What is deducted is taken from the surest
    first, so that it makes nothing look surer than it is."""
    bases = [span_basis(span) for span in row.spans]
    if len(set(bases)) <= 1:
        return {bases[0]: counts} if counts else {}
    found: defaultdict[Basis, timedelta] = defaultdict(timedelta)
    for basis, span in zip(bases, row.spans, strict=True):
        found[basis] += whole(counted_of(span, rules))
    too_much = sum(found.values(), NOTHING) - counts
    made = {}
    for basis in Basis:
        if basis in found:
            less = max(NOTHING, min(found[basis], too_much))
            too_much -= less
            made[basis] = found[basis] - less
    return {basis: time for basis, time in made.items() if time}


def _settled(day: SheetDay, line: PeriodLine | None) -> SheetDay:
    """The day as it stands in its closed period."""
    now = day.figures
    counts, by_hand = (line.counted, line.by_hand) if line else (NOTHING, NOTHING)
    if (counts, by_hand) == (now.counted, now.by_hand):
        return day
    return SheetDay(
        day.row,
        replace(
            now,
            changed=now.counted - counts,
            counted=counts,
            by_hand=by_hand,
            by_basis={Basis.CLOSED: counts} if counts else {},
        ),
    )
