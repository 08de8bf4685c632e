"""Hours from the panel as a file: what, whose, which days, in which form."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kiosk.services.attendance.profiles import DATEV, DAYS, Field, Lengths
from kiosk.services.attendance.sheets import Sheets
from kiosk.services.attendance.tables import csv_bytes
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.export_sheet import ExportHours
from kiosk.ui.admin.attendance.profile_editor import ProfileEditor
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.formats import qdate
from kiosk.ui.admin.widgets.tasks import Cancelled
from kiosk.ui.common.sheet_files import Form, sheet_file
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol, fill_days


@pytest.fixture
def view(storage: SqlStorage, open_page: OpenPage) -> Any:
    fill_days(storage, enrol(storage, 6), 12)
    return open_page("attendance").view


@pytest.fixture
def sheet(view: Any, panel: AdminPanel, settle: Settle) -> ExportHours:
    settle()
    view.export_button.click()
    settle()
    shown = panel.sheets.top
    assert isinstance(shown, ExportHours)
    return shown


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        (Form.PDF, b"%PDF"),
        (Form.XLSX, b"PK"),
        (Form.CSV, b"\xef\xbb\xbf"),
        (Form.ICAL, b"BEGIN:VCALENDAR"),
    ],
)
def test_each_form_is_written(
    sheet: ExportHours, view: Any, settle: Settle, tmp_path: Path, form: Form, begins: bytes
) -> None:
    sheet.form.choose(form.value)
    sheet.since.setDate(sheet.until.date().addDays(-2))
    sheet.export_to(tmp_path / "hours")
    settle()
    assert (tmp_path / "hours").read_bytes().startswith(begins)
    assert f"written to {tmp_path / 'hours'}" in view.banner.text
    assert not view.task.isVisible()


def test_one_person_alone_and_the_same_bytes_as_from_the_command_line(
    view: Any, panel: AdminPanel, storage: SqlStorage, settle: Settle, tmp_path: Path
) -> None:
    settle()
    person = storage.people.find()[0]
    view.show_person((person.id, person.name))
    settle()
    view.export_button.click()
    settle()
    sheet = panel.sheets.top
    assert isinstance(sheet, ExportHours)
    assert sheet.whom.chosen == "person"
    sheet.form.choose("csv")
    since, until = sheet.days
    sheet.export_to(tmp_path / "one.csv")
    settle()
    sheets = Sheets(storage, panel._context.site.attendance()).of(since, until, (person.id,))
    written = (tmp_path / "one.csv").read_bytes()
    assert written == csv_bytes(sheets, DAYS)[0]
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert {row["name"] for row in rows} == {person.name}


def test_months_in_one_touch(sheet: ExportHours) -> None:
    shown = sheet.days
    sheet.quick.choose("last")
    first, last = sheet.days
    assert first.day == 1
    assert last + timedelta(days=1) == date.today().replace(day=1)
    sheet.quick.choose("this")
    assert sheet.days == (date.today().replace(day=1), date.today())
    sheet.quick.choose("shown")
    assert sheet.days == shown


def test_columns_are_for_tables_alone(sheet: ExportHours) -> None:
    for form in Form:
        if form is not Form.TEXT:
            sheet.form.choose(form.value)
            assert sheet.profile_field.isVisible() is (form in (Form.XLSX, Form.CSV))


def test_days_the_wrong_way_round_are_told(sheet: ExportHours) -> None:
    sheet.until.setDate(sheet.since.date().addDays(-2))
    sheet._choose()
    assert "before the first" in sheet.until_field.error


def test_a_file_that_can_not_be_written_is_told(
    sheet: ExportHours, view: Any, settle: Settle
) -> None:
    sheet.export_to(Path("/nowhere/hours.pdf"))
    settle()
    assert "can't be written" in view.banner.text


def test_what_is_cancelled_leaves_the_file_as_it_was(
    sheet: ExportHours, view: Any, settle: Settle, tmp_path: Path
) -> None:
    (tmp_path / "hours.pdf").write_bytes(b"before")
    sheet.export_to(tmp_path / "hours.pdf")
    view.task.cancel()
    settle()
    assert (tmp_path / "hours.pdf").read_bytes() == b"before"


def test_paper_stops_between_two_people(sheet: ExportHours, storage: SqlStorage) -> None:
    sheet.since.setDate(sheet.until.date().addDays(-3))  # whatever the hour is
    found = Sheets(storage, sheet._context.site.attendance()).of(*sheet.days)
    asked = []

    def stop(done: int, total: int) -> None:
        asked.append(done)
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        sheet_file(found, Form.PDF, DAYS, storage.people.get(1).created_at, stop)
    assert asked == [1]


def editor(sheet: ExportHours, panel: AdminPanel) -> ProfileEditor:
    sheet.form.choose("csv")
    sheet.edit.click()
    shown = panel.sheets.top
    assert isinstance(shown, ProfileEditor)
    return shown


def test_a_form_of_ones_own_is_made_used_and_removed(
    sheet: ExportHours, panel: AdminPanel, storage: SqlStorage, settle: Settle, tmp_path: Path
) -> None:
    sheet.profile.setCurrentText(DATEV.name)
    made = editor(sheet, panel)
    assert [row.field for row in made.rows] == [column.field for column in DATEV.columns]
    made.save()
    settle()
    assert "Give the profile a name" in made.name_field.error
    made.name.setText("Our office")
    made.shift(4, -1)
    made.take_out(0)
    made.rows[0].title.setText("Month")
    made.more.activated.emit(made.more.findData(Field.NAME.value))
    made.lengths.setCurrentIndex(made.lengths.findData(Lengths.POINT.value))
    made.save()
    settle()
    assert panel.sheets.top is sheet
    assert sheet.profile.currentText() == "Our office"
    sheet.form.choose("xlsx")
    sheet.export_to(tmp_path / "ours.xlsx")
    settle()
    book = load_workbook(tmp_path / "ours.xlsx").active
    assert book is not None
    assert [cell.value for cell in book[1]] == ["Month", "Lohnart", "Fehltage", "Stunden", "name"]
    (kept,) = panel._context.site.admin.profiles.own()
    assert kept.lengths is Lengths.POINT


def test_one_of_the_sites_own_is_removed(
    sheet: ExportHours, panel: AdminPanel, settle: Settle
) -> None:
    made = editor(sheet, panel)
    made.name.setText("Ours")
    made.save()
    settle()
    again = editor(sheet, panel)
    assert again.name.text() == "Ours"
    again._remove("Ours")
    settle()
    assert sheet.profile.currentText() == DAYS.name
    assert panel._context.site.admin.profiles.own() == ()


def test_other_rows_have_other_columns(sheet: ExportHours, panel: AdminPanel) -> None:
    made = editor(sheet, panel)
    made.per.choose("period")
    assert Field.TIMES not in [row.field for row in made.rows]
    assert made.more.findData(Field.DAYS.value) > 0
    assert made.profile.columns


def test_the_days_shown_are_offered(sheet: ExportHours, view: Any) -> None:
    assert sheet.since.date() == qdate(view.days[0])
