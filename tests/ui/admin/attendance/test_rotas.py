"""Rotas in words, and the editor of a new one."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.hours.shifts import Rota
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.rota_editor import RotaEditor
from kiosk.ui.admin.attendance.rota_words import days_text
from kiosk.ui.admin.panel import AdminPanel
from tests.ui.admin.conftest import Settle


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("08:00-16:30," * 5 + "-,-", "Mon-Fri 08:00-16:30"),
        ("08:00-16:30," * 4 + "08:00-14:00,-,-", "Mon-Thu 08:00-16:30, Fri 08:00-14:00"),
        (
            "-,09:00-12:00,-,-,-,-,22:00-06:00",
            "Tue 09:00-12:00, Sun 22:00-06:00",
        ),
        ("06:00-14:00,06:00-14:00,-", "3 days in turn: 2 × 06:00-14:00, off"),
        ("00:00-00:00", "1 day in turn: 00:00-00:00"),
    ],
)
def test_days_are_said_in_plain_words(days: str, words: str) -> None:
    assert days_text(Rota.parse("x", days).days) == words


@pytest.fixture
def editor(panel: AdminPanel) -> RotaEditor:
    sheet = RotaEditor(panel._context)
    panel.sheets.open(sheet)
    return sheet


def test_a_week_has_a_field_a_day(editor: RotaEditor, storage: SqlStorage, settle: Settle) -> None:
    assert [edit.accessibleName() for edit in editor.days][::6] == ["Monday", "Sunday"]
    assert editor.told.text() == "Mon-Fri 08:00-16:30"
    editor.name.setText("Office")
    editor.days[4].setText("08:00 - 14:00")
    editor.days[5].clear()
    assert editor.told.text() == "Mon-Thu 08:00-16:30, Fri 08:00-14:00"
    editor.grace.setValue(10)
    made: list[Rota] = []
    editor.added.connect(made.append)
    editor.save.click()
    settle()

    (rota,) = storage.hours.rotas()
    assert made == [rota]
    assert rota.grace == timedelta(minutes=10)
    friday = rota.days[4]
    assert friday is not None
    assert (friday.ends, rota.days[5]) == (time(14), None)


def test_a_cycle_may_be_longer_and_keeps_what_was_typed(editor: RotaEditor) -> None:
    editor.kind.choose("cycle")
    assert len(editor.days) == 6
    editor.days[0].setText("22:00-06:00")
    editor.count.setValue(10)
    assert editor.text == "22:00-06:00,06:00-14:00,14:00-22:00,14:00-22:00" + ",-" * 6
    assert editor.told.text().startswith("10 days in turn: 22:00-06:00, ")


def test_what_is_no_shift_is_told_and_nothing_is_lost(
    editor: RotaEditor, site: Site, storage: SqlStorage, settle: Settle
) -> None:
    editor.name.setText("Odd")
    editor.days[2].setText("8 to 5")
    assert "'8 to 5' is no shift" in editor.wrong.text()
    assert editor.days[2].property("invalid") == "true"
    editor.save.click()
    settle()
    assert storage.hours.rotas() == ()
    assert editor.days[2].text() == "8 to 5"
    for edit in editor.days:
        edit.setText("-")
    editor.save.click()
    settle()
    assert "a shift at least" in editor.wrong.text()
    editor.days[0].setText("08:00-16:00")
    editor.name.clear()
    editor.save.click()
    settle()
    assert "Give the rota a name" in editor.name_field.error
    site.admin.plans.add_rota(ADMINISTRATOR, "Early", "06:00-14:00", timedelta())
    editor.name.setText("early")
    editor.save.click()
    settle()
    assert "another name" in editor.name_field.error
