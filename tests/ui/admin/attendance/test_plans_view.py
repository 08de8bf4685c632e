"""Absences of a month, and rotas with who works by them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.absences import AddAbsence, TakeBack
from kiosk.ui.admin.attendance.assign_rota import AssignRota
from kiosk.ui.admin.attendance.people_picker import PeoplePicker
from kiosk.ui.admin.attendance.plans import month_of
from kiosk.ui.admin.attendance.rota_editor import RotaEditor
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol

TODAY = date.today()
FIRST = TODAY.replace(day=1)
WEEK = "08:00-16:30," * 5 + "-,-"


@pytest.fixture
def ids(storage: SqlStorage) -> list[int]:
    return enrol(storage, 5, templates=0)


@pytest.fixture
def view(ids: list[int], open_page: OpenPage, settle: Settle) -> Any:
    shown = open_page("attendance").open("plans")
    settle()
    return shown


def test_months_end_where_they_do() -> None:
    assert month_of(date(2024, 2, 9)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))


def test_empty_it_says_what_to_do(view: Any) -> None:
    assert view.absence_stack.currentWidget() is view.nobody
    assert view.rota_stack.currentWidget() is view.no_rota
    assert not view.assign_button.isEnabled()


def test_an_absence_is_entered_for_several_at_once(
    view: Any, panel: AdminPanel, storage: SqlStorage, ids: list[int], settle: Settle
) -> None:
    view.add_button.click()
    settle()
    sheet = panel.sheets.top
    assert isinstance(sheet, AddAbsence)
    assert sheet.picker is not None
    assert not sheet.save.isEnabled()
    sheet.picker.choose(ids[:3])
    sheet.kind.setCurrentText("Training")
    sheet.save.click()
    settle()

    assert panel.sheets.top is None
    found = storage.hours.absences(TODAY, TODAY)
    assert {one.person_id for one in found} == set(ids[:3])
    assert "Training is entered for 3 people." in view.banner.text
    assert view.count.text() == "3 absences"
    assert view.absences.texts(0)[2] == "Training"


def test_what_can_not_be_entered_for_one_is_for_the_others(
    view: Any, panel: AdminPanel, site: Site, storage: SqlStorage, ids: list[int], settle: Settle
) -> None:
    site.admin.plans.add_absence(ADMINISTRATOR, ids[1], "Sick", TODAY, TODAY)
    view.add_button.click()
    settle()
    sheet: Any = panel.sheets.top
    sheet.picker.choose(ids[:2])
    sheet.save.click()
    settle()

    assert panel.sheets.top is sheet
    assert [person.id for person in sheet.picker.chosen] == [ids[1]]
    assert storage.people.get(ids[1]).name in sheet.wrong.text()
    assert "is an absence already: Sick" in sheet.wrong.text()
    assert len(storage.hours.absences(TODAY, TODAY, ids[0])) == 1
    sheet.since.setDate(qdate(TODAY + timedelta(days=1)))
    assert sheet.wrong.isHidden()


def test_other_months_are_a_step_away(
    view: Any, site: Site, ids: list[int], settle: Settle
) -> None:
    before = FIRST - timedelta(days=1)
    site.admin.plans.add_absence(ADMINISTRATOR, ids[0], "Holiday", before, FIRST)
    view._earlier()
    settle()
    assert view.month == before.replace(day=1)
    assert len(view.absences.values) == 1
    view._earlier()
    settle()
    assert view.absences.values == ()
    assert view.back()
    settle()
    assert (view.month, len(view.absences.values)) == (FIRST, 1)
    assert not view.back()
    view._later()
    settle()
    assert view.month == month_of(FIRST)[1] + timedelta(days=1)


def test_an_absence_is_taken_back(
    view: Any, panel: AdminPanel, site: Site, storage: SqlStorage, ids: list[int], settle: Settle
) -> None:
    site.admin.plans.add_absence(ADMINISTRATOR, ids[0], "Holiday", TODAY, TODAY)
    storage.people.delete(ids[0])
    view.refresh()
    settle()
    assert view.absences.texts(0)[0] == f"no. {ids[0]}", "deleted since"
    view.absences.chosen.emit(view.absences.values[0])
    sheet = panel.sheets.top
    assert isinstance(sheet, TakeBack)
    sheet.reason.setText("Left")
    sheet.take.click()
    settle()
    assert storage.hours.absences(TODAY, TODAY) == ()
    assert view.absence_stack.currentWidget() is view.nobody


def test_a_rota_is_made_and_assigned_to_several(
    view: Any, panel: AdminPanel, storage: SqlStorage, ids: list[int], settle: Settle
) -> None:
    view.rota_button.click()
    editor = panel.sheets.top
    assert isinstance(editor, RotaEditor)
    editor.name.setText("Office")
    editor.save.click()
    settle()
    assert "Office is added: assign it" in view.banner.text
    assert view.rotas.texts(0) == ["Office", "0 people", "5 min", "Mon-Fri 08:00-16:30"]

    view.rotas.chosen.emit(view.rotas.values[0])
    settle()
    sheet = panel.sheets.top
    assert isinstance(sheet, AssignRota)
    assert sheet.picker is not None
    assert sheet.chosen is not None
    assert sheet.place_field.isHidden(), "a week begins on Monday"
    assert not sheet.save.isEnabled()
    sheet.picker.choose(ids[:2])
    sheet.since.setDate(qdate(TODAY - timedelta(days=3)))
    sheet.save.click()
    settle()

    assert panel.sheets.top is None
    assert len(storage.hours.assignments()) == 2
    assert view.rotas.texts(0)[1] == "2 people"
    assert "2 people work by Office from" in view.banner.text


def test_who_works_by_no_rota_any_more_is_not_counted(
    view: Any, site: Site, ids: list[int], settle: Settle
) -> None:
    plans = site.admin.plans
    office = plans.add_rota(ADMINISTRATOR, "Office", WEEK, timedelta(minutes=5))
    for person_id in ids[:3]:
        plans.assign(ADMINISTRATOR, person_id, office.id, TODAY - timedelta(days=9))
    # At three in the morning the working day is yesterday's.
    plans.assign(ADMINISTRATOR, ids[0], None, TODAY - timedelta(days=1))
    plans.assign(ADMINISTRATOR, ids[1], None, TODAY + timedelta(days=40))
    site.admin.erasures.delete(ADMINISTRATOR, ids[2])
    view.refresh()
    settle()
    assert view.rotas.texts(0)[1] == "1 person"


def test_people_are_picked_by_what_is_searched(
    storage: SqlStorage, ids: list[int], qtbot: Any
) -> None:
    picker = PeoplePicker(storage.people.find())
    qtbot.addWidget(picker)
    picker.query.setText("mia")
    picker.all_button.click()
    assert [person.name for person in picker.chosen] == ["Mia Chen"]
    picker.query.clear()
    assert picker.count.text() == "1 person is chosen."
    first = picker.list.item(0)
    picker.list.itemClicked.emit(first)
    assert len(picker.chosen) in (0, 2)
    picker.all_button.click()
    assert len(picker.chosen) == 5
    picker.all_button.click()
    assert picker.chosen == ()
