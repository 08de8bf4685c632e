"""Every control of the sheets has a name, and Tab comes by all that are seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import Direction
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import CorrectionRequest
from kiosk.domain.hours.shifts import Absence
from kiosk.domain.people import Person
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.absences import AddAbsence, TakeBack
from kiosk.ui.admin.attendance.assign_rota import AssignRota
from kiosk.ui.admin.attendance.close_period import ClosePeriod
from kiosk.ui.admin.attendance.period_sheet import PeriodSheet
from kiosk.ui.admin.attendance.request_sheet import Asked, RequestSheet
from kiosk.ui.admin.attendance.rota_editor import RotaEditor
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.sheets import Sheet
from tests.ui.admin.conftest import Settle
from tests.ui.admin.fakes import enrol
from tests.ui.admin.test_keyboard import _reached_by_tab

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASKED = CorrectionRequest(1, 1, "Mia Chen", NOON, Direction.OUT, NOON, None, "Forgot")
LINES = (
    PeriodLine(1, "Mia Chen", None, DAY, timedelta(hours=8)),
    PeriodLine(1, "Mia Chen", None, DAY, timedelta(hours=1), carried=True, why="Forgot"),
)
People = tuple[Person, ...]
SHEETS: dict[str, Callable[[PageContext, People], Sheet]] = {
    "absence": lambda context, people: AddAbsence(context, people),
    "own absence": lambda context, people: AddAbsence(context, people[:1]),
    "take back": lambda context, _: TakeBack(context, Absence(1, 1, "Sick", DAY, DAY), "Mia"),
    "rota": lambda context, people: AssignRota(context, people),
    "editor": lambda context, _: RotaEditor(context),
    "request": lambda context, _: RequestSheet(context, Asked(ASKED)),
    "close": lambda context, _: ClosePeriod(context, DAY, DAY),
    "period": lambda _, __: PeriodSheet(Period(1, DAY, DAY, NOON, "mia", "a" * 64), LINES),
    "carried": lambda _, __: PeriodSheet(None, LINES[1:]),
}


@pytest.mark.parametrize("which", SHEETS)
def test_each_control_has_a_name(
    panel: AdminPanel, storage: SqlStorage, settle: Settle, qtbot: QtBot, which: str
) -> None:
    enrol(storage, 3, templates=0)
    sheet = SHEETS[which](panel._context, storage.people.find())
    panel.sheets.open(sheet)
    settle()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    controls = _reached_by_tab(sheet)
    assert controls
    assert [type(control).__name__ for control in controls if not control.accessibleName()] == []
    assert sheet.title.text()
