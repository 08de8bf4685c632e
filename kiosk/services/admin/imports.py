"""Punches and absences of another system: all of a file or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, Generic, TypeVar

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput
from kiosk.domain.hours.imports import ABSENCE_COLUMNS, PUNCH_COLUMNS, Mapped, offset
from kiosk.domain.hours.shifts import Absence
from kiosk.domain.language import _, counted
from kiosk.domain.lookalike import skeleton
from kiosk.domain.people import Person, clean_group
from kiosk.domain.repositories import Storage
from kiosk.services.admin.corrections import LONGEST_REASON, MINUTE, reason
from kiosk.services.admin.trail import Trail
from kiosk.services.csv_rows import Table

ONE_DAY: Final = timedelta(days=1)
T = TypeVar("T", ClockEvent, Absence)
Key = tuple[int, Direction, datetime]


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of the file (from 1) that can't be taken, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Import(Generic[T]):
    """What a file would add; ``there`` is how many of its lines stand here already. ``source`` is
    the file's name."""

    source: str
    new: tuple[T, ...]
    there: int
    refused: tuple[Refused, ...]

    @property
    def refusal(self) -> str:
        """What is said where a line was refused."""
        return counted(
            "{count} line can't be taken, so nothing was imported: mend the file first.",
            "{count} lines can't be taken, so nothing was imported: mend the file first.",
            len(self.refused),
        )


class Imports:
    """Any thread but the screen's; a second for 10,000 lines. StorageError."""

    def __init__(self, storage: Storage, trail: Trail, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now

    def punches(
        self, table: Table, mapped: Mapped, source: str, zone: tzinfo | None = None
    ) -> Import[ClockEvent]:
        """What a file of punches would add; nothing is written. ``zone`` is that of its clock
        (None: this machine's).

        Raises:
            BadInput: a column is missing.
        """
        mapped = mapped.within(table.columns, PUNCH_COLUMNS)
        mapped.need(("number", "name"), ("moment", "time"), ("direction",))
        if "moment" not in mapped.columns:
            mapped.need(("date",))
        people = _People(self._storage.people.find())
        found: dict[Key, ClockEvent] = {}
        refused = []
        for row in table.rows:
            try:
                person = people.of(mapped, row.cells)
                at = mapped.moment(row.cells, zone)
                if at > self._now():
                    raise BadInput(_("It has not come yet."))
                event = ClockEvent(
                    0,
                    person.id,
                    mapped.direction(row.cells),
                    at,
                    Evidence.IMPORT,
                    note=reason(source[-LONGEST_REASON:]),
                    person_name=person.name,
                    staff_number=person.staff_number,
                    utc_offset_minutes=offset(at),
                )
                found.setdefault(_key(event), event)
            except BadInput as error:
                refused.append(Refused(row.line, str(error)))
        new = self._not_there(found)
        there = len(table.rows) - len(refused) - len(new)
        return Import(source, new, there, tuple(refused))

    def add_punches(self, actor: Actor, wanted: Import[ClockEvent]) -> int:
        """All that is not there by now; how many that are.

        Raises:
            BadInput: a line was refused, so that nothing is taken.
        """
        _check_whole(wanted)
        with self._trail.act(actor, Action.IMPORT_CLOCK_EVENTS) as entry:
            new = self._not_there({_key(event): event for event in wanted.new})
            self._storage.clock_events.put_all(new)
            entry.subject = wanted.source
            entry.details = f"{len(new)} clock events; {wanted.there} were there"
        return len(new)

    def absences(self, table: Table, mapped: Mapped, source: str) -> Import[Absence]:
        """What a file of absences would add; nothing is written. A line without a last day is one
        of a single day.

        Raises:
            BadInput: a column is missing.
        """
        mapped = mapped.within(table.columns, ABSENCE_COLUMNS)
        mapped.need(("number", "name"), ("kind",), ("since",))
        people = _People(self._storage.people.find())
        new: list[Absence] = []
        refused = []
        for row in table.rows:
            try:
                person = people.of(mapped, row.cells)
                since = mapped.day(mapped.cell(row.cells, "since"))
                last = mapped.cell(row.cells, "until")
                absence = Absence(
                    0,
                    person.id,
                    clean_group(mapped.cell(row.cells, "kind")),
                    since,
                    mapped.day(last) if last else since,
                    reason(mapped.cell(row.cells, "note")),
                )
                if self._is_new(absence, new):
                    new.append(absence)
            except BadInput as error:
                refused.append(Refused(row.line, str(error)))
        there = len(table.rows) - len(refused) - len(new)
        return Import(source, tuple(new), there, tuple(refused))

    def add_absences(self, actor: Actor, wanted: Import[Absence]) -> int:
        """As ``add_punches``."""
        _check_whole(wanted)
        with self._trail.act(
            actor, Action.ADD_ABSENCE, *{one.person_id for one in wanted.new}
        ) as entry:
            new = [absence for absence in wanted.new if self._is_new(absence, [])]
            for absence in new:
                self._storage.hours.add_absence(absence)
            entry.subject = wanted.source
            entry.details = f"{len(new)} absences; {wanted.there} were there"
        return len(new)

    def _not_there(self, wanted: Mapping[Key, ClockEvent]) -> tuple[ClockEvent, ...]:
        """Without what stands here to the minute, struck out or not: what an operator struck out
        does not come back."""
        if not wanted:
            return ()
        moments = [event.at for event in wanted.values()]
        known = self._storage.clock_events.between(
            min(moments) - MINUTE, max(moments) + MINUTE, struck=True
        )
        there = {_key(event) for event in known}
        return tuple(event for key, event in wanted.items() if key not in there)

    def _is_new(self, absence: Absence, beside: list[Absence]) -> bool:
        """Raises BadInput where it can't be one, or goes over another."""
        if not absence.kind:
            raise BadInput(_("Say what kind of absence it is, such as holiday."))
        if absence.until < absence.since:
            raise BadInput(_("The last day lies before the first."))
        theirs = self._storage.hours.absences(absence.since, absence.until, absence.person_id)
        in_file = [
            other
            for other in beside
            if other.person_id == absence.person_id
            and other.since <= absence.until
            and other.until >= absence.since
        ]
        for other in (*theirs, *in_file):
            if (other.kind, other.since, other.until) == (
                absence.kind,
                absence.since,
                absence.until,
            ):
                return False
            raise BadInput(
                _("{since} to {until} is an absence already: {kind}. Take it back first.").format(
                    since=other.since, until=other.until, kind=other.kind
                )
            )
        return True


class _People:
    """Whom a line names, by number or else by name."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self._by_number = {p.staff_number.casefold(): p for p in people if p.staff_number}
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)
        for person in people:
            self._by_name[skeleton(person.name)].append(person)

    def of(self, mapped: Mapped, cells: Mapping[str, str]) -> Person:
        number, name = mapped.cell(cells, "number"), mapped.cell(cells, "name")
        if number:
            person = self._by_number.get(number.casefold())
            if person is None:
                raise BadInput(_("Nobody has the staff number {number}.").format(number=number))
            if name and skeleton(name) != skeleton(person.name):
                raise BadInput(
                    _("Number {number} is {name} here, and {other} in the file.").format(
                        number=number, name=person.name, other=name
                    )
                )
            return person
        same = self._by_name.get(skeleton(name), [])
        if len(same) > 1:
            raise BadInput(
                _("{name} is the name of several people: use staff numbers.").format(name=name)
            )
        if not same:
            raise BadInput(_("Nobody here is called {name}.").format(name=name or "-"))
        return same[0]


def _key(event: ClockEvent) -> Key:
    """Of the same person, the same to the minute."""
    return event.person_id, event.direction, event.at.replace(second=0, microsecond=0)


def _check_whole(wanted: Import[ClockEvent] | Import[Absence]) -> None:
    if wanted.refused:
        raise BadInput(wanted.refusal)
