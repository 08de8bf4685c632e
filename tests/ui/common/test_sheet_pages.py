"""A month on a page of paper; its numbers are worked out anew, by a script that shares no code."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.chain import Head, heads_in
from kiosk.domain.hours import DayRow, Rules, Span
from kiosk.domain.hours.days import judged
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.admin.periods import Periods
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.attendance.profiles import RECORD
from kiosk.services.attendance.sheets import Figures, PersonSheet, SheetDay, Sheets, span_basis
from kiosk.services.attendance.tables import csv_bytes
from kiosk.ui.common.sheet_pages import sheets_pdf
from kiosk.ui.common.work import Worker
from tests.fakes import WallClock
from tests.services.attendance.conftest import month_folder, month_storage
from tests.services.attendance.months import NOVEMBER, NOW, OCTOBER, SETTINGS
from tools import check_sheet

__all__ = ["month_folder", "month_storage"]

pytestmark = pytest.mark.usefixtures("qapp")


def pages(pdf: bytes) -> list[str]:
    """The text of each."""
    content = QByteArray(pdf)
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    return [document.getAllText(page).text() for page in range(document.pageCount())]


def record(sheets: tuple[PersonSheet, ...]) -> str:
    return csv_bytes(sheets, RECORD)[0].decode("utf-8-sig")


def made(storage: Storage, days: tuple[date, date], settings: Settings) -> tuple[PersonSheet, ...]:
    return Sheets(storage, Attendance.of(storage, settings)).of(*days)


RULES = (
    SETTINGS,
    SETTINGS.changed(rounding="1", rounding_way="clock", break_rule="warn", forgotten="open"),
    SETTINGS.changed(rounding="6", rounding_way="inward", breaks="paid"),
    SETTINGS.changed(rounding="30", rounding_way="outward", break_rule="off"),
)


@pytest.mark.parametrize("settings", RULES, ids=["nearest", "minute", "paid", "outward"])
@pytest.mark.parametrize("days", [NOVEMBER, OCTOBER], ids=["open", "closed"])
def test_every_number_follows_from_what_was_recorded(
    month_storage: Storage, settings: Settings, days: tuple[date, date]
) -> None:
    sheets = made(month_storage, days, settings)
    paper = pages(sheets_pdf(sheets))
    if days is OCTOBER:  # it was closed by these, and stays
        settings = SETTINGS
    rules = check_sheet.Rules(
        int(settings.rounding),
        settings.rounding_way,
        settings.breaks == "paid",
        settings.break_rule == "deduct",
    )
    assert len(paper) == len(sheets) == 4, "one page a person"
    assert check_sheet.check(record(sheets), paper, rules) == []


def test_a_number_that_was_tampered_with_is_found(month_storage: Storage) -> None:
    sheets = made(month_storage, NOVEMBER, SETTINGS)
    paper, told = pages(sheets_pdf(sheets)), record(sheets)
    rules = check_sheet.Rules(15, "nearest", paid=False, deducts=True)
    numbers = list(re.finditer(r"\d+:\d\d(:\d\d)?", paper[0]))
    assert len(numbers) > 100
    for number in numbers[::7]:
        last = str((int(number[0][-1]) + 1) % 10)
        changed = paper[0][: number.end() - 1] + last + paper[0][number.end() :]
        assert check_sheet.check(told, [changed, *paper[1:]], rules), number
    moved = re.sub(r"(T\d\d:)(\d)(\d:\d\d\.)", lambda m: f"{m[1]}{(int(m[2]) + 2) % 6}{m[3]}", told)
    assert len(check_sheet.check(moved, paper, rules)) > 100
    assert check_sheet.check(told, paper[1:], rules) == ["Ada Lovelace: no page"]
    more = [f"{paper[0]} 9:59 more", *paper[1:]]
    assert "follows from nothing" in check_sheet.check(told, more, rules)[0]


def test_the_paper_says_whether_its_period_is_closed(month_storage: Storage) -> None:
    (period,) = month_storage.hours.periods()
    closed = pages(sheets_pdf(made(month_storage, OCTOBER, SETTINGS)))
    assert all(period.digest in "".join(page.split()) for page in closed)
    assert "not closed yet" in pages(sheets_pdf(made(month_storage, NOVEMBER, SETTINGS)))[0]
    across = date(2025, 10, 26), date(2025, 11, 25)
    text = " ".join(pages(sheets_pdf(made(month_storage, across, SETTINGS)))[0].split())
    assert "not closed yet as one period; 2025-10-01 to 2025-10-31 is closed" in text


def full_month(note: str, name: str = "Mia Chen", stays: int = 2) -> PersonSheet:
    """31 days with so many stays and a note."""
    days = []
    for number in range(1, 32):
        day = date(2025, 12, number)
        spans = []
        for stay in range(stays):
            at = datetime(2025, 12, number, 6, tzinfo=UTC) + timedelta(minutes=20 * stay * 12)
            came = ClockEvent(1, 1, Direction.IN, at, Evidence.HAND, note, utc_offset_minutes=60)
            went = replace(came, direction=Direction.OUT, at=at + timedelta(minutes=95))
            spans.append(Span(came, went))
        row = judged(DayRow(1, name, "17", day, None, None, tuple(spans)), Rules())
        basis = {span_basis(spans[0]): row.counted}
        figures = Figures(row.worked, counted=row.counted, by_hand=row.counted, by_basis=basis)
        days.append(SheetDay(row, figures))
    december = date(2025, 12, 1), date(2025, 12, 31)
    return PersonSheet(1, name, "17", "Laboratory", *december, tuple(days), Rules())


def test_a_full_month_with_two_stays_and_a_note_a_day_is_one_page() -> None:
    assert len(pages(sheets_pdf([full_month("forgot the card, seen by the gatekeeper")]))) == 1


def test_what_does_not_fit_goes_on_and_every_page_says_whose_it_is() -> None:
    found = pages(sheets_pdf([full_month("why " * 60), full_month("")]))
    assert len(found) > 2
    assert f"page 1 of {len(found) - 1}" in found[0]
    assert all(page.startswith("Mia Chen") for page in found)
    assert sum("signature" in page for page in found) == 2


@pytest.mark.parametrize(
    "name", ["x" * 200, "משה כהן", "王小明", "Ελένη Παππά", 'A <b>& "B"', "مريم العلي"]
)
def test_any_name(name: str) -> None:
    assert len(pages(sheets_pdf([full_month("a/" * 250, name, stays=30)]))) > 1
    assert len(pages(sheets_pdf([full_month("", name)]))) == 1


def test_without_anybody_it_says_so() -> None:
    assert "Nothing was recorded" in pages(sheets_pdf([]))[0]


def test_it_is_made_in_another_thread(qtbot: object, worker: Worker) -> None:
    done: list[bytes] = []
    told: list[tuple[int, int]] = []
    sheet = full_month("")
    worker.submit(
        lambda: sheets_pdf([sheet, sheet], lambda *words: told.append(words)), done.append
    )
    qtbot.waitUntil(lambda: bool(done))  # type: ignore[attr-defined]
    assert len(pages(done[0])) == 2
    assert told == [(1, 2), (2, 2)]


def test_the_script_by_itself(month_storage: Storage, tmp_path: Path) -> None:
    clock = WallClock(NOW)
    attendance = Attendance.of(month_storage, SETTINGS)
    periods = Periods(month_storage, Trail(month_storage, clock), clock, lambda: attendance)
    periods.close(ADMINISTRATOR, *NOVEMBER, unsettled_too=True)
    sheets = made(month_storage, NOVEMBER, SETTINGS)
    (tmp_path / "record.csv").write_text(record(sheets), "utf-8-sig")
    (tmp_path / "sheet.txt").write_text("\f".join(pages(sheets_pdf(sheets))), "utf-8")
    words = [sys.executable, "-I", check_sheet.__file__, "record.csv", "sheet.txt"]
    rules = ["--step", "15", "--way", "nearest", "--breaks", "unpaid", "--break-rule", "deduct"]
    told = subprocess.run([*words, *rules], cwd=tmp_path, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (0, "All equal.\n")
    told = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 1, "by other rules"
    assert "by its moments" in told.stdout


HEAD = Head(12345, "0f" * 32)


def test_the_record_s_newest_entry_stands_on_it_as_a_code(month_storage: Storage) -> None:
    """Printed at 300 dots an inch and scanned, the code is what `log verify --head` takes."""
    pdf = sheets_pdf(made(month_storage, NOVEMBER, SETTINGS), told=HEAD.told(NOW))

    assert "Code: the record up to no. 12345" in pages(pdf)[0]
    text, *_rest = cv2.QRCodeDetector().detectAndDecode(printed(pdf))
    assert heads_in(text) == (HEAD,)


@pytest.mark.parametrize("name", ["x" * 200, "Wolfeschlegelsteinhausenbergerdorff " * 3])
def test_a_long_name_leaves_room_for_the_code(name: str) -> None:
    sheet = full_month("forgot the card, seen by the gatekeeper", name)
    pdf = sheets_pdf([sheet], told=HEAD.told(NOW))

    text, *_rest = cv2.QRCodeDetector().detectAndDecode(printed(pdf))
    assert heads_in(text) == (HEAD,)
    assert len(pages(pdf)) == len(pages(sheets_pdf([sheet])))


def printed(pdf: bytes) -> NDArray[np.uint8]:
    """The first page at 300 dots an inch, grey."""
    buffer = QBuffer(content := QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    image = document.render(0, QSize(2480, 3508))
    paper = QImage(image.size(), QImage.Format.Format_Grayscale8)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    assert content.size() == len(pdf)
    rows = np.frombuffer(paper.constBits(), np.uint8).reshape(paper.height(), -1)
    return rows[:, : paper.width()].copy()  # the picture goes with this call
