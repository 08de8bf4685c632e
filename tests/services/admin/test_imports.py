"""Punches and absences of another system: all of a file or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import Direction, Evidence, Strike
from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import BadInput
from kiosk.domain.hours.imports import Mapped
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.admin.imports import Imports
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.csv_rows import Row, Table
from tests.fakes import WallClock

BERLIN = ZoneInfo("Europe/Berlin")
MAP = Mapped.of("number=No,name=Who,moment=When,direction=What", "came=in,left=out")
HEADS = ("No", "Who", "When", "What")
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


@pytest.fixture
def imports(storage: Storage, clock: WallClock) -> Imports:
    return Imports(storage, Trail(storage, clock), clock)


def table(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> Table:
    return Table(
        heads,
        tuple(
            Row(line, dict(zip(heads, cells, strict=True))) for line, cells in enumerate(rows, 2)
        ),
    )


DAY = table(("17", "", "2026-02-02 08:00", "came"), ("", "ada", "2026-02-02 16:00", "left"))


def test_punches_become_hours_and_say_where_they_come_from(
    imports: Imports, storage: Storage, ada: Person
) -> None:
    found = imports.punches(DAY, MAP, "old.csv", BERLIN)
    assert (len(found.new), found.there, found.refused) == (2, 0, ())
    assert not storage.clock_events.between(SINCE, UNTIL), "nothing is written yet"
    assert imports.add_punches(ADMINISTRATOR, found) == 2
    first, second = storage.clock_events.between(SINCE, UNTIL)
    assert (first.at, first.direction) == (datetime(2026, 2, 2, 7, tzinfo=UTC), Direction.IN)
    assert (first.evidence, first.note, first.by_hand) == (Evidence.IMPORT, "old.csv", True)
    assert (second.person_name, second.staff_number, second.utc_offset_minutes) == ("Ada", "17", 60)
    (row,) = Attendance(storage, 4).days(date(2026, 2, 2), date(2026, 2, 2))
    assert row.counted == row.counted_by_hand == timedelta(hours=8)
    (entry,) = storage.audit.newest()
    assert (entry.action, entry.subject) == (Action.IMPORT_CLOCK_EVENTS, "old.csv")
    assert entry.details == "2 clock events; 0 were there"


def test_the_same_file_again_adds_nothing_nor_what_was_struck_out(
    imports: Imports, storage: Storage, ada: Person
) -> None:
    first = imports.punches(DAY, MAP, "old.csv", BERLIN)
    imports.add_punches(ADMINISTRATOR, first)
    event = storage.clock_events.between(SINCE, UNTIL)[0]
    storage.clock_events.strike(event.id, Strike(UNTIL, "ben", "wrong"), out=True)
    again = imports.punches(DAY, MAP, "old.csv", BERLIN)
    assert (again.new, again.there) == ((), 2)
    assert imports.add_punches(ADMINISTRATOR, first) == 0, "somebody else imported it meanwhile"
    assert len(storage.clock_events.between(SINCE, UNTIL, struck=True)) == 2


def test_a_line_twice_is_one(imports: Imports, ada: Person) -> None:
    twice = table(*2 * [("17", "", "2026-02-02 08:00", "came")])
    found = imports.punches(twice, MAP, "old.csv", BERLIN)
    assert (len(found.new), found.there) == (1, 1)


def test_every_line_that_can_not_be_taken_is_told_and_nothing_is_imported(
    imports: Imports, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    enrol("Ben", "1")
    enrol("Ben", "2")
    found = imports.punches(
        table(
            ("17", "", "2026-02-02 08:00", "came"),
            ("99", "", "2026-02-02 08:00", "came"),
            ("", "Ben", "2026-02-02 08:00", "came"),
            ("", "Zoe", "2026-02-02 08:00", "came"),
            ("17", "Ben", "2026-02-02 08:00", "came"),
            ("17", "", "2026-02-02 08:00", "slept"),
            ("17", "", "soon", "came"),
            ("17", "", "2031-02-02 08:00", "came"),
            ("", "", "2026-02-02 08:00", "came"),
        ),
        MAP,
        "old.csv",
        BERLIN,
    )
    assert [(one.line, one.why.partition(":")[0]) for one in found.refused] == [
        (3, "Nobody has the staff number 99."),
        (4, "Ben is the name of several people"),
        (5, "Nobody here is called Zoe."),
        (6, "Number 17 is Ada here, and Ben in the file."),
        (7, "slept is no direction that is known"),
        (8, "'soon' is no date that is known"),
        (9, "It has not come yet."),
        (10, "Nobody here is called -."),
    ]
    with pytest.raises(BadInput, match="8 lines can't be taken, so nothing was imported"):
        imports.add_punches(ADMINISTRATOR, found)
    assert storage.clock_events.between(SINCE, UNTIL) == storage.audit.newest() == ()


def test_a_column_that_is_missing(imports: Imports) -> None:
    with pytest.raises(BadInput, match="which column is the direction"):
        imports.punches(table(heads=("Number", "Moment")), Mapped({}), "old.csv")
    with pytest.raises(BadInput, match="which column is the date"):
        imports.punches(table(heads=("Number", "Time", "Direction")), Mapped({}), "old.csv")


def test_ten_thousand_punches(imports: Imports, enrol: Callable[..., Person]) -> None:
    people = [enrol(f"Person {number}", str(number)) for number in range(1, 11)]
    begin = datetime(2025, 6, 1)
    rows = [
        (
            str(number % len(people) + 1),
            "",
            f"{begin + timedelta(minutes=20 * number):%d.%m.%Y %H:%M}",
            ("came", "left")[number // len(people) % 2],
        )
        for number in range(10_000)
    ]
    found = imports.punches(table(*rows), MAP, "old.csv", BERLIN)
    assert found.refused == ()
    assert imports.add_punches(ADMINISTRATOR, found) == 10_000
    assert imports.punches(table(*rows), MAP, "old.csv", BERLIN).there == 10_000


ABSENCES = table(
    ("17", "Holiday", "2026-08-03", "2026-08-14", "Sea"),
    ("17", "Sick", "24.11.2026", "", ""),
    heads=("Number", "Kind", "Since", "Until", "Note"),
)


def test_absences(imports: Imports, storage: Storage, ada: Person) -> None:
    found = imports.absences(ABSENCES, Mapped({}), "plan.csv")
    assert imports.add_absences(ADMINISTRATOR, found) == 2
    first, second = storage.hours.absences(date(2026, 1, 1), date(2026, 12, 31), ada.id)
    assert (first.kind, first.until, first.note) == ("Holiday", date(2026, 8, 14), "Sea")
    assert second.since == second.until == date(2026, 11, 24)
    again = imports.absences(ABSENCES, Mapped({}), "plan.csv")
    assert (again.new, again.there) == ((), 2)
    assert imports.add_absences(ADMINISTRATOR, found) == 0


def test_absences_that_can_not_be(imports: Imports, ada: Person) -> None:
    wrong = table(
        ("17", "Holiday", "2026-08-03", "2026-08-14"),
        ("17", "Sick", "2026-08-10", "2026-08-20"),
        ("17", "Sick", "2026-09-10", "2026-09-01"),
        ("17", "", "2026-09-10", ""),
        heads=("number", "kind", "since", "until"),
    )
    found = imports.absences(wrong, Mapped({}), "plan.csv")
    assert [(one.line, one.why[:20]) for one in found.refused] == [
        (3, "2026-08-03 to 2026-0"),
        (4, "The last day lies be"),
        (5, "Say what kind of abs"),
    ]
