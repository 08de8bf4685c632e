"""The notice for the door and what would be erased, by touches alone."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import StorageError
from kiosk.domain.retention import Due, Kept, due_words
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.privacy.retention import Retention
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.settings.privacy import (
    Preview,
    RetentionPreview,
    RetentionSheet,
)
from kiosk.ui.admin.widgets.formats import day
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk

DAY = timedelta(days=1)


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page("settings")


def refused(kiosk: Kiosk, days_ago: int) -> None:
    at = datetime.now(UTC) - days_ago * DAY
    kiosk.storage.events.append(
        Decision(at, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP, score=12.0)
    )


def told(sheet: Any) -> str:
    return "\n".join(one.text() for one in sheet.content.findChildren(QLabel))


class TestNotice:
    def test_is_saved_as_a_page_to_print(self, page: Any, settle: Settle, tmp_path: Path) -> None:
        assert "Who is responsible; Who answers" in page.notice.blank.text()
        page.notice.write(tmp_path / "door.pdf")
        assert not page.notice.save_button.isEnabled()
        settle()
        assert (tmp_path / "door.pdf").read_bytes().startswith(b"%PDF")
        assert page.notice.note.text() == f"Saved as {tmp_path / 'door.pdf'}: print it on A4."
        assert page.notice.save_button.isEnabled()

    def test_is_printed(self, page: Any, settle: Settle, tmp_path: Path) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        page.notice.printer = printer
        page.notice.print_button.click()
        assert not page.notice.print_button.isEnabled()
        settle()
        assert page.notice.note.text().startswith("Sent to the printer")
        assert (tmp_path / "printed.pdf").read_bytes().count(b"/Type /Page\n") == 1

    def test_a_printer_that_takes_nothing_is_told(
        self, page: Any, settle: Settle, tmp_path: Path
    ) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "nowhere" / "printed.pdf"))
        page.notice.printer = printer
        page.notice.print_button.click()
        settle()
        assert "took nothing: look whether it is on" in page.notice.note.text()
        assert page.notice.print_button.isEnabled()

    def test_where_it_can_t_be_written_is_told(
        self, page: Any, settle: Settle, tmp_path: Path
    ) -> None:
        page.notice.write(tmp_path / "nowhere" / "door.pdf")
        settle()
        assert "choose another place" in page.notice.note.text()
        assert page.notice.note.property("role") == "error"

    def test_says_what_is_saved_and_that_other_things_are_not(
        self, page: Any, settle: Settle, kiosk: Kiosk, tmp_path: Path
    ) -> None:
        page.rows["controller"].set_value("Acme")
        page.rows["data_contact"].set_value("dpo@example.org")
        page.notice.write(tmp_path / "door.pdf")
        settle()
        assert "not saved on this page yet is not on it" in page.notice.note.text()
        kiosk.settings = replace(kiosk.settings, controller="Acme", data_contact="dpo@example.org")
        page.drop()
        page.refresh()
        assert not page.notice.blank.isVisible()

    def test_the_search_finds_it(self, page: Any, settle: Settle) -> None:
        page.query.setText("print")
        settle()
        assert page.notice.isVisible()
        assert not page.retention.isVisible()
        assert not page.backups.isVisible()
        page.query.setText("rounding")
        settle()
        assert not page.notice.isVisible()


class TestRetention:
    def shown(self, page: Any, panel: AdminPanel, settle: Settle) -> str:
        page.retention.button.click()
        settle()
        assert isinstance(panel.sheets.top, RetentionSheet)
        text = told(panel.sheets.top)
        panel.sheets.close_all()
        return text

    def test_as_delivered_nothing_ever_goes(
        self, page: Any, panel: AdminPanel, settle: Settle, kiosk: Kiosk
    ) -> None:
        refused(kiosk, 5000)
        assert self.shown(page, panel, settle).startswith("Nothing ever goes by itself")

    def test_the_sheet_is_as_high_as_its_text(
        self, page: Any, panel: AdminPanel, settle: Settle, kiosk: Kiosk
    ) -> None:
        refused(kiosk, 40)
        page.rows["keep_refused"].set_value(30)
        page.retention.button.click()
        settle()
        sheet: Any = panel.sheets.top
        last = sheet.content.findChildren(QLabel)[-1]
        below = sheet.content.height() - last.geometry().bottom()
        assert below < 2 * last.fontMetrics().height()
        assert not sheet._area.verticalScrollBar().isVisible()

    def test_each_kind_with_its_days_before_it_is_saved_and_after(
        self, page: Any, panel: AdminPanel, settle: Settle, kiosk: Kiosk
    ) -> None:
        for days in (10, 40, 50):
            refused(kiosk, days)
        page.rows["keep_refused"].set_value(30)
        text = self.shown(page, panel, settle)
        assert "looks that were refused\n2 rows, of " in text
        assert "not saved yet" in text
        assert "The kiosk does it once a day by itself, next " in text
        assert "within 28 days" in text, "backups"

        page.drop()
        kiosk.storage.settings.save(asdict(replace(kiosk.settings, keep_refused=60)))
        kiosk.settings = replace(kiosk.settings, keep_refused=60)
        page.refresh()
        text = self.shown(page, panel, settle)
        assert "Nothing is old enough to go." in text
        assert "not saved" not in text

    def test_a_shorter_time_is_saved_once_it_is_known_what_goes(
        self, page: Any, panel: AdminPanel, settle: Settle, kiosk: Kiosk
    ) -> None:
        for days in (10, 40, 50):
            refused(kiosk, days)
        page.rows["keep_refused"].set_value(30)
        page.save()
        settle()
        question: Any = panel.sheets.top
        asked = told(question)
        assert "Keep looks that were refused for: 30 days?" in asked
        assert "looks that were refused: 2 rows, of " in asked
        assert not kiosk.applied
        question.buttons.itemAt(question.buttons.count() - 1).widget().click()
        settle()
        assert kiosk.settings.keep_refused == 30
        page.rows["keep_refused"].set_value(60)
        page.save()
        settle()
        assert panel.sheets.top is None, "a longer one loses nothing"
        assert kiosk.settings.keep_refused == 60

    def test_that_it_failed_is_told_beside_the_button(
        self, page: Any, settle: Settle, kiosk: Kiosk
    ) -> None:
        settle()
        assert page.retention.problem.isHidden()
        refused(kiosk, 40)
        kiosk.storage.settings.save({"keep_refused": 30})
        page.refresh()
        settle()
        assert not page.retention.problem.isHidden()
        assert "none did yesterday" in page.retention.problem.text()

    def test_what_can_t_be_read_is_told_beside_the_button(
        self, page: Any, panel: AdminPanel, settle: Settle, kiosk: Kiosk, qtbot: QtBot
    ) -> None:
        class Broken(Retention):
            def preview(self, settings: Settings | None = None) -> tuple[Due, ...]:
                raise StorageError("The database is locked: wait a moment.")

        site = page.context.site
        broken = Broken(kiosk.storage, site.admin.trail, utc_now)
        site = replace(site, admin=replace(site.admin, retention=broken))
        part = RetentionPreview(replace(page.context, site=site), lambda: None)
        qtbot.addWidget(part)
        part.button.click()
        assert not part.button.isEnabled()
        settle()
        assert part.note.text() == "The database is locked: wait a moment."
        assert part.button.isEnabled()
        assert panel.sheets.top is None

    def test_the_search_finds_it(self, page: Any, settle: Settle) -> None:
        page.query.setText("erase preview")
        settle()
        assert page.retention.isVisible()
        assert not page.notice.isVisible()

    def test_words_for_how_much_and_when(self, panel: AdminPanel) -> None:
        first, last = date(2026, 3, 1), date(2026, 3, 9)
        assert due_words(Due(Kept.AUDIT, 2, first, last), day).startswith("2 rows, of ")
        assert due_words(Due(Kept.FACES, 1, first, first), day).startswith("1 photo, of ")
        assert due_words(Due(Kept.ERASED, 2), day) == "2 rows"
        now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        found = Preview((), True, True, now.astimezone(), "2026-02-28", "", now)
        text = told(RetentionSheet(found))
        assert "next within minutes" in text
        assert "It was done last on" in text
