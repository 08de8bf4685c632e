"""The audit trail at the panel, to be filtered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind, AuditEntry
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.changes import OF_HOURS, change_sheet
from kiosk.ui.admin.attendance.changes_model import DETAILS, TIME, WHAT, WHO, WHOM
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.cells import BELOW
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle

ROOT = Actor(ActorKind.SYSTEM_USER, "root")


@pytest.fixture
def view(storage: SqlStorage, open_page: OpenPage, settle: Settle) -> Any:
    now = datetime.now(UTC)
    for days, actor, action, subject in (
        (40, ROOT, Action.MOVE_CLOCK_EVENT, "Łucja"),
        (3, ROOT, Action.ADD_CLOCK_EVENT, "Łucja"),
        (0, ADMINISTRATOR, Action.STRIKE_CLOCK_EVENT, "Mia"),
        (0, ADMINISTRATOR, Action.BACK_UP, ""),
    ):
        at = now - timedelta(days=days)
        storage.audit.append(AuditEntry(at, actor, action, subject, f"{days} days ago; reason"))
    made = open_page("attendance").open("changes")
    settle()
    return made


def shown(view: Any, column: int = WHOM) -> list[str]:
    return [view.model.index(row, column).data() for row in range(view.model.rowCount())]


def choose(combo: Any, text: str) -> None:
    combo.setCurrentIndex(combo.findText(text))


def test_before_anything_was_changed_nobody_is_asked_to_search(
    open_page: OpenPage, settle: Settle
) -> None:
    view: Any = open_page("attendance").open("changes")
    settle()
    assert view.stack.currentWidget() is view.never
    view.clear()
    settle()
    assert view.stack.currentWidget() is view.never
    view.query.setText("nobody")
    view._typing.timeout.emit()
    settle()
    assert view.stack.currentWidget() is view.nothing


def test_moments_are_told_as_elsewhere_in_the_panel(
    storage: SqlStorage, view: Any, settle: Settle
) -> None:
    details = "in at 2026-11-02 07:00+00:00; forgot"
    entry = AuditEntry(datetime.now(UTC), ROOT, Action.ADD_CLOCK_EVENT, "Ada", details)
    storage.audit.append(entry)
    view.refresh()
    settle()
    words = shown(view, DETAILS)[0]
    assert words.startswith("Came in ")
    assert words.endswith("; forgot")
    assert "+00:00" not in words
    sheet = change_sheet(entry)
    assert words in [text.text() for text in sheet.findChildren(QLabel)]


def test_what_concerns_hours_is_shown_newest_first(view: Any) -> None:
    assert shown(view) == ["Mia", "Łucja", "Łucja"]
    assert shown(view, WHO) == ["administrator", "root", "root"]
    assert shown(view, WHAT)[0] == "struck out a clock event"
    assert "0 days ago; reason" in shown(view, DETAILS)[0]
    assert view.count.text() == "3 acts"
    assert not view.table.grab().isNull()


def test_it_is_narrowed_by_person_action_day_and_author(view: Any, settle: Settle) -> None:
    choose(view.action, "Everything")
    settle()
    assert len(shown(view)) == 4
    choose(view.action, "added a clock event")
    settle()
    assert shown(view, DETAILS) == ["3 days ago; reason"]
    assert view.back()
    settle()
    assert len(shown(view)) == 3
    assert not view.back()

    choose(view.actor, "root")
    settle()
    assert shown(view) == ["Łucja", "Łucja"]
    assert view.actor.currentText() == "root", "it stays chosen when it is read anew"
    view.when.choose("week")
    settle()
    assert shown(view, DETAILS) == ["3 days ago; reason"]
    view.back()

    view.query.setText("lucja")
    view._typing.timeout.emit()
    settle()
    assert len(shown(view)) == 2
    view.when.choose("day")
    view.day.setDate(qdate(date.today() - timedelta(days=3)))
    settle()
    assert shown(view, DETAILS) == ["3 days ago; reason"]
    view.day.setDate(qdate(date.today() - timedelta(days=100)))
    settle()
    assert view.stack.currentWidget() is view.nothing
    view.clear()
    settle()
    assert len(shown(view)) == 4


def test_an_act_is_opened(view: Any, panel: AdminPanel) -> None:
    view.table.opened.emit(view.model.index(0, 0))
    sheet: Any = panel.sheets.top
    texts = [text.text() for text in sheet.content.findChildren(QLabel)]
    assert {"administrator", "struck out a clock event", "Mia"} <= set(texts)


def test_held_upright_the_rest_stands_in_a_second_line(view: Any) -> None:
    view.narrow(True)
    assert view.table.isColumnHidden(DETAILS)
    assert view.model.index(0, WHAT).data(BELOW) == "Mia  ·  0 days ago; reason"
    assert view.model.index(0, TIME).data(BELOW) == "administrator"


def test_every_correction_is_among_them() -> None:
    assert {action for action in Action if "clock_event" in action} <= OF_HOURS
    assert Action.CHANGE_SETTINGS not in OF_HOURS
