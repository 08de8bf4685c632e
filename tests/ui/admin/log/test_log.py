"""The log page against a real database."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import StorageError
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Events
from kiosk.storage import SqlStorage
from kiosk.storage.tables import events
from kiosk.ui.admin.log.event_sheet import fields
from kiosk.ui.admin.log.histogram import count_hours
from kiosk.ui.admin.log.model import (
    COLUMNS,
    MODE,
    OUTCOME,
    PAGE,
    PERSON,
    REASON,
    TIME,
    LogModel,
    reason_text,
)
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.cells import BELOW, PAD, SMALL
from kiosk.ui.admin.widgets.formats import day, day_format, local_clock, local_moment
from kiosk.ui.admin.widgets.words import MODES, OUTCOMES, REASONS
from kiosk.ui.common.work import Worker
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol, fill_log

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _row(number: int) -> Decision:
    return Decision(
        NOON + timedelta(seconds=number),
        Outcome.ALLOW,
        Reason.FACE_MATCHED,
        Mode.WALK_UP,
        person_id=1,
        person_name=f"Person {number}",
        score=0.7,
        threshold=0.5,
        event_id=number,
    )


class ManyEvents:
    """A log of any length that costs nothing, and tells what was asked of it."""

    def __init__(self, count: int) -> None:
        self.rows = count
        self.asked: list[tuple[int, int]] = []
        self.broken = False

    def count(self, wanted: EventFilter) -> int:
        return self.rows

    def query(
        self, wanted: EventFilter, *, limit: int = 200, offset: int = 0
    ) -> tuple[Decision, ...]:
        if self.broken:
            raise StorageError("The database is locked: wait a moment.")
        self.asked.append((offset, limit))
        return tuple(
            _row(self.rows - 1 - place) for place in range(offset, min(offset + limit, self.rows))
        )


def _model(events: Any, worker: Worker, qtbot: QtBot) -> LogModel:
    port: Events = events
    model = LogModel(port, worker.submit)
    with qtbot.waitSignal(model.counted):
        model.ask(EventFilter())
    return model


class TestModel:
    def test_only_the_pages_in_view_are_read(self, qtbot: QtBot, worker: Worker) -> None:
        events = ManyEvents(100_000)
        model = _model(events, worker, qtbot)
        assert model.rowCount() == 100_000
        assert model.index(0, PERSON).data() == "Person 99999"

        assert model.index(70_000, PERSON).data() is None
        qtbot.waitUntil(lambda: model.index(70_000, PERSON).data() == "Person 29999")

        assert len(events.asked) == 2

    def test_a_fast_scroll_reads_where_it_ends(self, qtbot: QtBot, worker: Worker) -> None:
        events = ManyEvents(100_000)
        model = _model(events, worker, qtbot)

        for row in range(0, 100_000, PAGE):
            model.index(row, PERSON).data()
        qtbot.waitUntil(lambda: model.index(99_999, PERSON).data() == "Person 0")

        assert len(events.asked) < 10

    def test_memory_is_bounded(self, qtbot: QtBot, worker: Worker) -> None:
        model = _model(ManyEvents(100_000), worker, qtbot)

        for row in range(0, 60_000, PAGE):
            model.decision(row)
            qtbot.waitUntil(lambda row=row: model.decision(row) is not None)

        assert len(model._pages) <= 100

    def test_oldest_first_is_the_same_turned_round(self, qtbot: QtBot, worker: Worker) -> None:
        model = _model(ManyEvents(450), worker, qtbot)

        model.sort(TIME, Qt.SortOrder.AscendingOrder)
        qtbot.waitUntil(lambda: model.index(0, PERSON).data() == "Person 0")
        model.index(449, PERSON).data()
        qtbot.waitUntil(lambda: model.index(449, PERSON).data() == "Person 449")
        assert [model.index(row, PERSON).data() for row in (1, 199)] == ["Person 1", "Person 199"]

    def test_a_failure_is_told_and_can_be_got_over(self, qtbot: QtBot, worker: Worker) -> None:
        events = ManyEvents(1000)
        model = _model(events, worker, qtbot)
        events.broken = True

        with qtbot.waitSignal(model.failed) as failed:
            model.index(900, PERSON).data()
        assert "locked" in str(failed.args[0])

        events.broken = False
        model.index(900, PERSON).data()
        qtbot.waitUntil(lambda: model.index(900, PERSON).data() == "Person 99")


def test_an_empty_log_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("log")

    assert page.stack.currentWidget() is page.nothing
    assert not page.export_button.isEnabled()


@pytest.fixture
def page(storage: SqlStorage, open_page: OpenPage) -> Any:
    ids = enrol(storage, 6)
    fill_log(storage, ids, 300)
    return open_page("log")


def test_filters_narrow_the_log(page: Any, settle: Settle, qtbot: QtBot) -> None:
    assert page.model.rowCount() == 300

    page.filters.outcome.choose("DENY")
    settle()
    refused = page.model.rowCount()
    assert 0 < refused < 300
    assert page.model.decision(0).outcome is Outcome.DENY

    page.filters.clear()
    page.filters.text.setText("jonas")
    qtbot.waitUntil(lambda: page.model.wanted.text == "jonas")
    settle()
    assert 0 < page.model.rowCount() < 300
    assert "Jonas" in page.model.decision(0).person_name

    page.filters.text.setText("nobody of that name")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.no_match)
    assert page.back()
    qtbot.waitUntil(lambda: page.model.rowCount() == 300)
    assert not page.back()


def test_who_was_refused_yesterday_between_seven_and_eight(
    page: Any, storage: SqlStorage, settle: Settle
) -> None:
    yesterday = (datetime.now() - timedelta(days=1)).replace(hour=7, minute=42, second=0)
    stranger = Decision(
        yesterday.astimezone(UTC),
        Outcome.DENY,
        Reason.NOT_RECOGNISED,
        Mode.WALK_UP,
        camera="Door 7",
    )
    storage.events.append(stranger)
    page.filters.outcome.choose("DENY")
    page.filters.when.choose("yesterday")
    settle()
    assert page.histogram.isVisible()

    seven = yesterday.replace(minute=0, microsecond=0).astimezone()
    page.histogram.chosen.emit(seven, seven + timedelta(hours=1))
    settle()

    found = [page.model.decision(row) for row in range(page.model.rowCount())]
    assert "Door 7" in [row.camera for row in found]
    assert all(seven <= row.at < seven + timedelta(hours=1) for row in found)


def test_a_touch_on_an_hour_of_the_day_chooses_it(page: Any, settle: Settle, qtbot: QtBot) -> None:
    page.filters.when.choose("yesterday")
    settle()

    with qtbot.waitSignal(page.histogram.chosen) as chosen:
        qtbot.mouseClick(page.histogram, Qt.MouseButton.LeftButton)

    since, until = chosen.args
    assert until - since == timedelta(hours=1)
    assert page.filters.when.chosen == "custom"


def test_the_hours_of_a_day_are_counted(storage: SqlStorage) -> None:
    for number in range(5):
        storage.events.append(_row(number))
    begin = NOON.replace(hour=11)

    bars = count_hours(storage.events, begin, begin + timedelta(hours=3), "")

    assert [(whole, let_in) for _, whole, let_in in bars] == [(0, 0), (5, 5), (0, 0)]


def test_a_click_opens_all_that_was_stored(
    page: Any, panel: AdminPanel, settle: Settle, qtbot: QtBot
) -> None:
    page.filters.outcome.choose("ALLOW")
    settle()
    decision = page.model.decision(0)

    page.table.opened.emit(page.model.index(0, 0))
    settle()

    sheet = panel.sheets.top
    assert sheet is not None
    texts = {shown.text() for shown in sheet.findChildren(QLabel)}
    assert {value for _, value in fields(decision)} <= texts
    assert decision.person_name in texts
    copy = next(b for b in sheet.findChildren(QAbstractButton) if "Copy" in b.text())
    copy.click()
    assert f"Person: {decision.person_name}" in QGuiApplication.clipboard().text()

    theirs = next(b for b in sheet.findChildren(QAbstractButton) if "This person" in b.text())
    theirs.click()
    assert panel.sheets.top is None
    qtbot.waitUntil(lambda: page.model.wanted.text == decision.person_name)


def test_rows_are_copied_for_a_spreadsheet(page: Any, qtbot: QtBot) -> None:
    page.table.selectRow(0)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    head, line = QGuiApplication.clipboard().text().split("\n")
    assert head.startswith("Time\tOutcome\tPerson")
    assert len(line.split("\t")) == len(head.split("\t"))


def test_enter_opens_the_row(page: Any, panel: AdminPanel, qtbot: QtBot, settle: Settle) -> None:
    page.table.selectRow(2)

    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle()

    assert panel.sheets.top is not None


def test_the_export_holds_what_the_filters_let_through(
    page: Any, settle: Settle, tmp_path: Path
) -> None:
    page.filters.outcome.choose("ALLOW")
    settle()
    file = tmp_path / "log.csv"

    page.export_to(file)
    settle()

    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == page.model.rowCount()
    assert {row["outcome"] for row in rows} == {"ALLOW"}
    assert str(file) in page.banner.text
    assert page.export_button.isEnabled()


def test_an_export_that_fails_is_told(page: Any, settle: Settle, tmp_path: Path) -> None:
    page.export_to(tmp_path / "nowhere" / "log.csv")
    settle()

    assert "choose another place" in page.banner.text
    assert page.export_button.isEnabled()


def test_an_event_names_the_staff_number_and_not_the_databases(
    page: Any, panel: AdminPanel, settle: Settle, storage: SqlStorage
) -> None:
    page.filters.outcome.choose("ALLOW")
    settle()
    row = next(n for n in range(50) if (d := page.model.decision(n)) and d.person_id % 5 != 1)
    decision = page.model.decision(row)
    number = storage.people.get(decision.person_id).staff_number

    page.table.opened.emit(page.model.index(row, 0))
    settle()

    sheet = panel.sheets.top
    assert sheet is not None
    named = {shown.accessibleName() for shown in sheet.findChildren(QLabel)}
    assert f"Staff number: {number}" in named
    assert not any(name.startswith("Person's number") for name in named)


def test_what_is_doubtful_or_said_again_is_told() -> None:
    row = replace(_row(1), repeat=True, clock_suspect=True)

    assert reason_text(row).endswith(", again; clock doubtful")
    assert dict(fields(row))["Again"]
    assert dict(fields(row))["Clock"].startswith("doubtful")


def test_held_upright_a_row_has_a_second_line(page: Any, panel: AdminPanel, settle: Settle) -> None:
    one_line = page.table.rowHeight(0)
    panel.resize(800, 1280)
    settle()
    assert page.table.rowHeight(0) > 1.2 * one_line
    row = next(n for n in range(50) if page.model.decision(n).camera)
    decision = page.model.decision(row)
    below = {column: page.model.index(row, column).data(BELOW) for column in range(4)}
    assert below[TIME] == local_clock(decision.local, seconds=True)
    assert below[OUTCOME] == MODES[decision.mode]
    assert below[REASON].endswith(decision.camera)
    panel.resize(1280, 800)
    settle()
    assert page.table.rowHeight(0) == one_line


@pytest.mark.parametrize("size", [(800, 1280), (1280, 800)])
def test_no_ordinary_word_is_cut(
    page: Any, panel: AdminPanel, settle: Settle, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    settle()
    metrics = page.table.fontMetrics()
    pads = 2 * round(metrics.height() * PAD)
    icon = round(round(metrics.height() * 1.1) * 1.45)
    widest = {
        TIME: local_moment(datetime(2026, 12, 30, 20, 58, 58)),
        OUTCOME: max(OUTCOMES.values(), key=metrics.horizontalAdvance),
        REASON: REASONS[Reason.NOT_RECOGNISED],
        MODE: max(MODES.values(), key=metrics.horizontalAdvance),
    }
    if size[0] == 800:
        widest[TIME] = day(date(2026, 12, 30))
        widest[REASON] = max(REASONS.values(), key=metrics.horizontalAdvance)
        # In smaller letters, so that there is room to spare.
        below = "0.63 of 0.55 · Integrated camera"
        small = round(metrics.horizontalAdvance(below) * SMALL)
        assert small <= page.table.columnWidth(REASON) - pads
    for column, text in widest.items():
        room = page.table.columnWidth(column) - pads - (icon if column == OUTCOME else 0)
        if not page.table.isColumnHidden(column):
            assert metrics.horizontalAdvance(text) <= room, text


def test_the_staff_number_stands_under_the_name(
    page: Any, storage: SqlStorage, settle: Settle
) -> None:
    page.filters.outcome.choose("ALLOW")
    settle()
    cells = {page.model.decision(n).person_id: page.model.index(n, PERSON) for n in range(20)}
    assert len(cells) > 3
    for person_id, cell in cells.items():
        person = storage.people.get(person_id)
        assert cell.data() == person.name
        assert cell.data(BELOW) == (person.staff_number or "")
        whole = f"{person.name}  ·  {person.staff_number}" if person.staff_number else person.name
        assert cell.data(Qt.ItemDataRole.ToolTipRole) == whole


def test_rows_copied_upright_hold_all_columns(page: Any, panel: AdminPanel, settle: Settle) -> None:
    panel.resize(800, 1280)
    settle()
    page.table.selectRow(0)
    head, line = page.table.selected_text().split("\n")
    assert head.split("\t") == list(COLUMNS)
    assert len(line.split("\t")) == len(COLUMNS)


def test_times_are_typed_as_the_locale_writes_them(page: Any) -> None:
    edit = page.filters.since
    assert edit.displayFormat().startswith(day_format())
    assert edit.calendarPopup()
    calendar = edit.calendarWidget()
    assert calendar.minimumWidth() >= 7 * 44


def test_how_it_was_made_sure_of_stands_in_the_event() -> None:
    base = Decision(
        datetime(2026, 11, 24, 7, 42, tzinfo=UTC),
        Outcome.ALLOW,
        Reason.FACE_MATCHED,
        Mode.WALK_UP,
        person_name="Mia Chen",
    )
    plain = dict(fields(base))
    assert "How it was checked" not in plain, "nothing is claimed of rows from before"
    asked = dict(fields(replace(base, liveness=Proof.CHALLENGE, liveness_score=2.3)))
    assert asked["How it was checked"] == "Turned the head as asked"
    assert asked["Looks like a person"] == "10 to 1 that it is"
    attack = dict(
        fields(
            replace(
                base,
                outcome=Outcome.SUSPECTED_ATTACK,
                reason=Reason.NOT_LIVE,
                liveness_score=-99.0,
            )
        )
    )
    assert attack["Whose face was shown"] == "Mia Chen"
    assert "Person" not in attack
    assert attack["Looks like a person"].endswith("to 1 that it is not")
    assert attack["Outcome"] == "Suspicious"


def test_suspected_attacks_are_a_filter(page: Any) -> None:
    page.filters.outcome.choose("SUSPECTED_ATTACK")
    assert page.filters.wanted().outcome is Outcome.SUSPECTED_ATTACK


def test_whether_the_record_was_altered_is_asked_by_a_button(
    page: Any, settle: Settle, storage: SqlStorage
) -> None:
    page.check_button.click()
    settle()
    assert "stand as they were written" in page.banner.text
    assert page.check_button.isEnabled()
    with storage.database.engine.begin() as connection:
        connection.execute(update(events).where(events.c.id == 7).values(person_name="Eve"))
        connection.execute(update(events).where(events.c.id == 9).values(person_name="Eve"))
    page.check_button.click()
    settle()
    assert "was altered" in page.banner.text
    assert "of events was changed" in page.banner.text
