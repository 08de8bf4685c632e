"""The sheet of one person's day: what it shows, and how it is put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.day_events import DayEvents
from kiosk.ui.admin.attendance.news import Done
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk

IN, OUT, SEEN = Direction.IN, Direction.OUT, Direction.SEEN
DAY = date.today() - timedelta(days=2)
Add = Callable[..., ClockEvent]
Open = Callable[[], DayEvents]


def at(hour: float, day: date = DAY) -> datetime:
    midnight = datetime(day.year, day.month, day.day).astimezone()
    return (midnight + timedelta(hours=hour)).astimezone(UTC)


@pytest.fixture
def mia(storage: SqlStorage) -> int:
    return storage.people.add("Mia Chen").id


@pytest.fixture
def add(storage: SqlStorage, mia: int) -> Add:
    def put(direction: Direction, hour: float, day: date = DAY, **more: Any) -> ClockEvent:
        event = ClockEvent(0, mia, direction, at(hour, day), person_name="Mia Chen", **more)
        return storage.clock_events.put(event)

    return put


@pytest.fixture
def opened(open_page: OpenPage, panel: AdminPanel, settle: Settle) -> Open:
    """The day is opened by a click on its row."""

    def show() -> DayEvents:
        view = open_page("attendance").view
        view.date.setDate(qdate(DAY))
        settle()
        view.table.opened.emit(view.table.model().index(0, 0))
        settle()
        sheet = panel.sheets.top
        assert isinstance(sheet, DayEvents)
        return sheet

    return show


@pytest.fixture
def counts(storage: SqlStorage, mia: int) -> Callable[[], list[tuple[str, float]]]:
    def found() -> list[tuple[str, float]]:
        events = storage.clock_events.between(at(0), at(24), mia)
        return [(e.direction.value, (e.at - at(0)).total_seconds() / 3600) for e in events]

    return found


def said(sheet: DayEvents) -> str:
    return "\n".join(text.text() for text in sheet.content.findChildren(QLabel))


def undo(sheet: DayEvents, settle: Settle) -> None:
    button = next(b for b in sheet.banner.findChildren(QPushButton) if b.text() == "Undo")
    button.click()
    settle()


def test_a_forgotten_check_out_is_mended_by_three_touches_at_most(
    add: Add, open_page: OpenPage, panel: AdminPanel, settle: Settle, qtbot: QtBot, counts: Any
) -> None:
    for back in (5, 4, 3):
        add(IN, 8, DAY - timedelta(days=back))
        add(OUT, 17, DAY - timedelta(days=back))
    add(IN, 8)
    view = open_page("attendance").view
    view.date.setDate(qdate(DAY))
    settle()
    touches = 0

    def touch(widget: Any, place: Any = None) -> None:
        nonlocal touches
        touches += 1
        left = Qt.MouseButton.LeftButton
        qtbot.mouseClick(widget, left, pos=place or widget.rect().center())
        settle()

    row = view.table.visualRect(view.table.model().index(0, 0)).center()
    touch(view.table.viewport(), row)
    sheet = panel.sheets.top
    assert isinstance(sheet, DayEvents)
    touch(sheet.mends[0].save)

    assert counts() == [("in", 8), ("out", 17)]
    assert touches <= 3
    assert "is added" in sheet.banner.text
    assert sheet.mends == []


def test_what_an_event_rests_on_is_told(add: Add, opened: Open) -> None:
    add(IN, 8, far=0.001, liveness="passive", kiosk="Front door")
    add(Direction.BREAK, 12, evidence=Evidence.PIN)
    add(Direction.BACK, 12.5, evidence=Evidence.PERSON, note="at the dentist")
    add(OUT, 17, evidence=Evidence.HAND, note="forgot", by="administrator")
    add(SEEN, 18, evidence=Evidence.IMPORT)
    text = said(opened())
    for line in (
        "Face  ·  1 in 1,000  ·  by the look of it  ·  Front door",
        "PIN",
        "Said by the person  ·  at the dentist",
        "By hand, administrator  ·  forgot",
        "Imported",
        "8:30 hours count; 8:30 of it on somebody's word; 0:30 of breaks",
    ):
        assert line in text


def test_an_event_is_struck_out_taken_back_and_put_back(
    add: Add, opened: Open, settle: Settle, counts: Any
) -> None:
    add(IN, 8)
    add(OUT, 17)
    sheet = opened()

    def strike(why: str) -> None:
        sheet.recorded[0].button.click()
        form = sheet.form
        assert form is not None
        form.reason.setText(why)
        out = next(b for b in form.findChildren(QPushButton) if "Strike" in b.text())
        out.click()
        settle()

    strike("  ")
    assert sheet.form is not None
    assert "Say why" in sheet.form.reason_field.error
    strike("the wrong person")
    assert counts() == [("out", 17)]
    assert "struck out" in sheet.banner.text
    undo(sheet, settle)
    assert counts() == [("in", 8), ("out", 17)]
    assert "Taken back" in sheet.banner.text
    strike("her brother")
    assert "administrator: her brother" in said(sheet)
    sheet.recorded[0].button.click()
    assert sheet.form is not None
    sheet.form.reason.setText("it was her")
    sheet.form.save.click()
    settle()
    assert counts() == [("in", 8), ("out", 17)]


def test_an_event_is_turned_and_moved_and_both_are_taken_back_at_once(
    add: Add, opened: Open, settle: Settle, counts: Any
) -> None:
    add(IN, 8)
    sheet = opened()
    sheet.recorded[0].button.click()
    form: Any = sheet.form
    form.reason.setText("looked in on the way")
    form.save.click()
    assert "Nothing is changed yet" in form.reason_field.error
    form.chips.choose("seen")
    form.at.setDateTime(QDateTime(DAY.year, DAY.month, DAY.day, 9, 30, 0))
    form.save.click()
    settle()
    assert counts() == [("seen", 9.5)]
    assert "In its place: Was seen" in said(sheet)
    undo(sheet, settle)
    assert counts() == [("in", 8)]


def test_an_event_is_added(add: Add, opened: Open, settle: Settle, counts: Any) -> None:
    sheet = opened()
    assert "no absence" in said(sheet)
    assert sheet.away_button.isHidden()
    sheet.add_button.click()
    form: Any = sheet.form
    form.at.setDateTime(QDateTime(DAY.year, DAY.month, DAY.day, 9, 0, 0))
    form.reason.setText("the kiosk was off")
    form.save.click()
    settle()
    assert counts() == [("in", 9)]


def test_hours_are_split(add: Add, opened: Open, settle: Settle, counts: Any) -> None:
    add(IN, 8)
    add(OUT, 17)
    sheet = opened()
    sheet.away_button.click()
    form: Any = sheet.form
    form.save.click()
    settle()
    assert "Say why" in form.reason_field.error
    form.reason.setText("at the dentist")
    form.save.click()
    settle()
    assert counts() == [("in", 8), ("out", 12), ("in", 13), ("out", 17)]
    undo(sheet, settle)
    assert counts() == [("in", 8), ("out", 17)]


def test_a_question_is_answered_in_one_touch(
    add: Add, opened: Open, settle: Settle, counts: Any
) -> None:
    add(IN, 8)
    add(OUT, 17, doubt=Doubt.LONG)
    sheet = opened()
    asked = sheet.recorded[1]
    assert "open question" in sheet.notes.text()
    assert list(asked.answers) == [OUT, IN, SEEN]
    asked.answers[SEEN].click()
    settle()
    assert counts() == [("in", 8), ("seen", 17)]
    undo(sheet, settle)
    assert [bool(line.answers) for line in sheet.recorded].count(True) == 1
    next(line for line in sheet.recorded if line.answers).answers[OUT].click()
    settle()
    assert counts() == [("in", 8), ("out", 17)]
    assert not any(line.answers for line in sheet.recorded)


def test_what_is_done_on_the_sheet_can_be_taken_back_behind_it(
    add: Add, opened: Open, panel: AdminPanel, settle: Settle, counts: Any
) -> None:
    add(IN, 8)
    sheet = opened()
    sheet.mends[0].save.click()
    settle()
    assert len(counts()) == 2
    sheet.dismiss()
    view: Any = panel.page
    assert "is added" in view.banner.text
    button = next(b for b in view.banner.findChildren(QPushButton) if b.text() == "Undo")
    button.click()
    settle()
    assert counts() == [("in", 8)]
    assert "Taken back" in view.banner.text


def test_undo_is_offered_for_ten_seconds() -> None:
    from kiosk.ui.admin.attendance import news

    assert Done("x", lambda: None).until - news.time.monotonic() == pytest.approx(10, abs=1)


def test_what_was_changed_meanwhile_is_told(
    add: Add, opened: Open, settle: Settle, storage: SqlStorage, panel: AdminPanel
) -> None:
    event = add(IN, 8)
    sheet = opened()
    sheet.recorded[0].button.click()
    form: Any = sheet.form
    panel._context.site.admin.corrections.strike(ADMINISTRATOR, event, "somebody else was quicker")
    form.chips.choose("out")
    form.reason.setText("wrong way")
    form.save.click()
    settle()
    assert "struck out meanwhile" in form.reason_field.error


def test_all_days_of_the_person_follow(add: Add, opened: Open, panel: AdminPanel) -> None:
    add(IN, 8)
    sheet = opened()
    sheet.all_days.click()
    page: Any = panel.page
    assert page.view._person == (1, "Mia Chen")
    assert page.view.span.chosen == "week"


def test_the_machines_zone_does_not_matter(
    add: Add, opened: Open, settle: Settle, kiosk: Kiosk, storage: SqlStorage
) -> None:
    offset = (at(8).astimezone().utcoffset() or timedelta()) + timedelta(hours=3)
    event = add(IN, 8, utc_offset_minutes=int(offset.total_seconds() // 60))
    sheet = opened()
    sheet.recorded[0].button.click()
    form: Any = sheet.form
    form.at.setDateTime(form.at.dateTime().addSecs(3600))
    assert form.moment - event.local == timedelta(hours=1)
