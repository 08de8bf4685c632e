"""Attendance: day sheets, one person's days, events added by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QDateTime, QModelIndex, Qt
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.hours import DayRow, spans
from kiosk.services.attendance import Attendance
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.add_event import AddEvent
from kiosk.ui.admin.attendance.model import (
    BAR,
    FIRST,
    HOURS,
    WHO,
    Axis,
    DayModel,
    Line,
    axis_of,
    told,
)
from kiosk.ui.admin.attendance.reading import days_of, read_lines
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol, fill_days


def _event(number: int, direction: Direction, hour: float, *, by_hand: bool = False) -> ClockEvent:
    at = datetime(2026, 3, 2, 6, tzinfo=UTC) + timedelta(hours=hour)
    evidence = Evidence.HAND if by_hand else Evidence.FACE
    return ClockEvent(number, 1, direction, at, evidence, "forgot" if by_hand else "")


IN, OUT = Direction.IN, Direction.OUT


def test_days_of_a_span() -> None:
    assert days_of("day", date(2026, 3, 4)) == [date(2026, 3, 4)]
    assert days_of("week", date(2026, 3, 4))[0] == date(2026, 3, 2)
    assert len(days_of("week", date(2026, 3, 4))) == 7
    assert len(days_of("month", date(2024, 2, 9))) == 29


def test_the_axis_holds_at_least_eight_hours() -> None:
    assert axis_of([]) == Axis(2, 16)
    begin = datetime(2026, 3, 2, 4)
    at_eleven = ClockEvent(1, 1, IN, datetime(2026, 3, 2, 11, tzinfo=UTC), utc_offset_minutes=0)
    assert Axis(2, 12).place(begin, at_eleven.local) == 0.5


def test_bars_stay_where_they_were_recorded(
    storage: SqlStorage, site: Site, machine_in: Callable[[str], None]
) -> None:
    mia = storage.people.add("Mia Chen")
    machine_in("Europe/Berlin")
    for direction, hour in ((IN, 8), (OUT, 16)):
        storage.clock_events.add(mia.id, direction, datetime(2026, 3, 2, hour).astimezone(UTC))
    seen = []
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"):
        machine_in(zone)
        (line,) = read_lines(site, [date(2026, 3, 2)], None)
        model = DayModel()
        model.show([line])
        axis = model.axis
        hours = [model.hour(hour) for hour in range(axis.begin, axis.end + 1)]
        seen.append((hours, [axis.place(line.begin, event.local) for event in line.row.events]))
    assert seen[0][0][0] == "08"
    assert seen[0][1][0] == 0.0
    assert seen == seen[:1] * len(seen)


def test_nobody_enrolled_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("attendance").view

    assert page.stack.currentWidget() is page.nobody
    assert not page.add_button.isEnabled()


@pytest.fixture
def page(storage: SqlStorage, open_page: OpenPage) -> Any:
    ids = enrol(storage, 6)
    fill_days(storage, ids, 3)
    made = open_page("attendance").view
    made.date.setDate(qdate(Attendance(storage, 4).today(datetime.now(UTC))))
    return made


def _cell(table: Any, row: int, column: int) -> str:
    return str(table.model().index(row, column).data())


def test_the_sheet_of_a_day(page: Any, storage: SqlStorage, settle: Settle) -> None:
    settle()
    expected = Attendance(storage, 4).sheet(page.day)

    assert page.table.model().rowCount() == len(expected)
    names = [_cell(page.table, row, WHO) for row in range(len(expected))]
    assert names == sorted(names, key=str.casefold)
    assert "came" in page.count.text()
    assert not page.table.grab().isNull()

    page.table.sortByColumn(HOURS, Qt.SortOrder.DescendingOrder)
    shown = [_cell(page.table, row, HOURS) for row in range(len(expected))]
    minutes = [int(text[:-3]) * 60 + int(text[-2:]) for text in shown if text]
    assert minutes == sorted(minutes, reverse=True)


def test_search_and_stepping(page: Any, settle: Settle, qtbot: QtBot) -> None:
    settle()
    page.query.setText("jonas")
    assert page.table.model().rowCount() == 1
    assert page.back()
    assert page.table.model().rowCount() == 6

    day = page.day
    page.step(-1)
    settle()
    assert page.day == day - timedelta(days=1)


def test_one_persons_days(page: Any, settle: Settle, qtbot: QtBot) -> None:
    page.span.choose("week")
    settle()
    assert page.stack.currentWidget() is page.totals_table
    page.totals_table.opened.emit(page.totals_table.model().index(0, 0))
    settle()
    assert page.stack.currentWidget() is page.own_table
    assert page.own_model.rowCount() == 7
    assert "hours" in page.count.text()

    page.span.choose("month")
    settle()
    assert page.own_model.rowCount() >= 28
    assert not page.own_table.grab().isNull()
    month = page.day.month
    page.step(1)
    settle()
    assert page.day.month != month

    assert page.back()
    settle()
    assert page.stack.currentWidget() is page.totals_table


def test_a_day_in_words_names_what_was_added_by_hand(page: Any, settle: Settle) -> None:
    settle()
    texts = [told(line) for line in page.model.lines]

    assert any(" in " in f" {text}" for text in texts)
    model = page.model
    assert model.index(0, BAR).data(Qt.ItemDataRole.ToolTipRole) == texts[0]
    assert model.index(0, FIRST).data() is not None


def test_an_event_is_added_by_hand(
    page: Any, panel: AdminPanel, storage: SqlStorage, settle: Settle
) -> None:
    settle()
    person = storage.people.find()[0]
    page.add_button.click()
    settle()
    sheet = panel.sheets.top
    assert isinstance(sheet, AddEvent)
    sheet.save.click()
    assert "Choose one" in sheet.person_field.error

    sheet.person.setCurrentIndex(sheet.person.findData(person.id))
    tomorrow = datetime.now() + timedelta(days=1)
    sheet.at.setDateTime(QDateTime(tomorrow.year, tomorrow.month, tomorrow.day, 9, 0, 0))
    sheet.save.click()
    settle()
    assert "has not come yet" in sheet.at_field.error

    yesterday = datetime.now() - timedelta(days=1)
    sheet.at.setDateTime(QDateTime(yesterday.year, yesterday.month, yesterday.day, 9, 30, 0))
    sheet.direction.choose("out")
    sheet.reason.setText("Forgot to clock out")
    sheet.save.click()
    settle()

    assert panel.sheets.top is None
    at = yesterday.replace(hour=9, minute=30, second=0, microsecond=0).astimezone(UTC)
    events = storage.clock_events.between(at, at + timedelta(minutes=1), person.id)
    assert [(event.direction, event.by_hand, event.note) for event in events] == [
        (OUT, True, "Forgot to clock out")
    ]
    assert "is added" in page.banner.text


def test_an_index_outside_the_table_says_nothing(page: Any) -> None:
    assert page.model.data(QModelIndex()) is None


@pytest.mark.parametrize(
    ("events", "today", "at_work", "open_end"),
    [
        ([_event(1, IN, 1)], True, True, False),
        ([_event(1, IN, 1)], False, False, True),
        ([_event(1, IN, 1), _event(2, OUT, 2)], True, False, False),
        ([_event(1, IN, 1), _event(2, IN, 3)], True, True, True),
        ([_event(1, OUT, 1)], True, False, True),
        ([], True, False, False),
    ],
)
def test_somebody_at_work_is_no_open_end(
    events: list[ClockEvent], today: bool, at_work: bool, open_end: bool
) -> None:
    begin = datetime(2026, 3, 2, 4)
    row = DayRow(1, "Mia Chen", None, begin.date(), None, None, spans(events))
    line = Line(row, begin, today)
    assert (line.at_work, line.open_end) == (at_work, open_end)


def test_names_keep_the_order_of_the_storage(
    open_page: OpenPage, storage: SqlStorage, settle: Settle
) -> None:
    for name in ("Zoe", "Émile", "Eva", "ada"):
        storage.people.add(name)
    page = open_page("attendance").view
    model = page.table.model()
    shown = [model.index(row, WHO).data() for row in range(model.rowCount())]
    assert shown == [person.name for person in storage.people.find()]
    page.table.sortByColumn(WHO, Qt.SortOrder.DescendingOrder)
    assert [model.index(row, WHO).data() for row in range(model.rowCount())] == shown[::-1]
