"""A person's group, dates, rota and absences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.absences import AddAbsence, TakeBack
from kiosk.ui.admin.attendance.assign_rota import AssignRota
from kiosk.ui.admin.attendance.rota_editor import RotaEditor
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.people.model import CARD, Card
from kiosk.ui.admin.people.sheet import PersonSheet
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import enrol

TODAY = date.today()
DAY = timedelta(days=1)
WEEK = "08:00-16:30," * 5 + "-,-"


@pytest.fixture
def page(storage: SqlStorage, open_page: OpenPage) -> Any:
    for number, person_id in enumerate(enrol(storage, 4)):
        group = ("Office", "Warehouse", "", "Office")[number]
        storage.people.update(replace(storage.people.get(person_id), group=group))
    return open_page("people")


@pytest.fixture
def sheet(page: Any, panel: AdminPanel, settle: Settle) -> PersonSheet:
    card = next(card for card in page.model.cards if card.person.name == "Mia Chen")
    page.cards.opened.emit(card)
    settle()
    assert isinstance(panel.sheets.top, PersonSheet)
    return panel.sheets.top


def test_people_are_filtered_by_group(page: Any) -> None:
    groups = page.groups
    assert [groups.itemText(n) for n in range(groups.count())] == [
        *("All groups", "Office", "Warehouse", "In no group"),
    ]
    groups.choose("Office")
    assert {card.person.group for card in page.model.cards} == {"Office"}
    assert page.count.text() == "2 people"
    groups.choose("")
    assert [card.person.group for card in page.model.cards] == [""]
    assert page.back()
    assert len(page.model.cards) == 4
    assert not page.back()


def test_without_groups_there_is_nothing_to_choose(
    storage: SqlStorage, open_page: OpenPage
) -> None:
    enrol(storage, 2)
    assert open_page("people").groups.isHidden()


def test_a_group_whose_last_person_left_it_is_not_stuck(
    page: Any, storage: SqlStorage, settle: Settle
) -> None:
    page.groups.choose("Warehouse")
    (card,) = page.model.cards
    storage.people.update(replace(card.person, group=""))
    page.refresh()
    settle()
    assert page.groups.chosen is None
    assert len(page.model.cards) == 4


def test_a_card_says_the_group_and_who_is_outside_their_dates(
    page: Any, storage: SqlStorage
) -> None:
    person = storage.people.get(page.model.cards[0].person.id)
    assert Card(replace(person, valid_from=TODAY, valid_until=TODAY), 5).state == "5 photos"
    soon = Card(replace(person, valid_from=TODAY + DAY), 5)
    assert (soon.state, soon.valid) == (f"From {day_text(TODAY + DAY)}", False)
    gone = Card(replace(person, valid_until=TODAY - DAY), 5)
    assert gone.state == f"Until {day_text(TODAY - DAY)}"
    assert Card(replace(person, enabled=False, valid_until=TODAY - DAY), 5).state == "Disabled"
    place = next(
        place
        for place in range(page.model.rowCount())
        if page.model.index(place, 0).data(CARD).person.group == "Warehouse"
    )
    assert "Warehouse" in page.model.data(page.model.index(place, 0), 3)  # the tooltip


def test_group_and_dates_are_stored(
    sheet: PersonSheet, storage: SqlStorage, settle: Settle
) -> None:
    fields = sheet.membership
    choices = [fields.group.itemText(n) for n in range(fields.group.count())]
    assert choices == ["Office", "Warehouse"]
    assert fields.group.currentText() == "Office"
    assert not sheet.save.isEnabled()
    fields.group.setEditText("Night  watch")
    fields.since.choose.click()
    fields.until.show_day(TODAY + 9 * DAY)
    sheet.save.click()
    settle()

    stored = storage.people.get(sheet.person.id)
    assert stored.group == "Night watch"
    assert (stored.valid_from, stored.valid_until) == (TODAY, TODAY + 9 * DAY)


def test_always_is_no_day(sheet: PersonSheet, storage: SqlStorage, settle: Settle) -> None:
    fields = sheet.membership
    fields.since.show_day(TODAY)
    assert sheet.save.isEnabled()
    fields.since.clear.click()
    assert fields.since.day is None
    assert not sheet.save.isEnabled()


def test_dates_the_wrong_way_round_are_told_beside_them(
    sheet: PersonSheet, storage: SqlStorage, settle: Settle
) -> None:
    fields = sheet.membership
    fields.since.show_day(TODAY)
    fields.until.show_day(TODAY - DAY)
    sheet.save.click()
    settle()

    assert "the other way round" in fields.until_field.error
    assert storage.people.get(sheet.person.id).valid_from is None
    fields.until.edit.setDate(qdate(TODAY))
    assert not fields.until_field.error


def test_the_rota_in_force_and_the_next_are_said(
    sheet: PersonSheet, site: Site, settle: Settle
) -> None:
    assert sheet.plans.rota.text().startswith("Works by no rota")
    plans, person_id = site.admin.plans, sheet.person.id
    office = plans.add_rota(ADMINISTRATOR, "Office", WEEK, timedelta(minutes=5))
    plans.assign(ADMINISTRATOR, person_id, office.id, TODAY - 3 * DAY)
    plans.assign(ADMINISTRATOR, person_id, None, TODAY + 3 * DAY)
    sheet.plans.read()
    settle()
    first, second = sheet.plans.rota.text().splitlines()
    assert first == f"Works by Office from {day_text(TODAY - 3 * DAY)}: Mon-Fri 08:00-16:30."
    assert second == f"From {day_text(TODAY + 3 * DAY)}: no rota."


def test_another_rota_is_assigned_from_a_day(
    sheet: PersonSheet, panel: AdminPanel, storage: SqlStorage, settle: Settle
) -> None:
    sheet.plans.assign_button.click()
    settle()
    assign = panel.sheets.top
    assert isinstance(assign, AssignRota)
    assert assign.chosen is None, "there is none yet"
    assign.new_button.click()
    editor = panel.sheets.top
    assert isinstance(editor, RotaEditor)
    editor.name.setText("Turning")
    editor.kind.choose("cycle")
    editor.save.click()
    settle()
    assert panel.sheets.top is assign
    assert assign.chosen is not None
    assert not assign.place_field.isHidden()
    assert assign.place.itemText(2) == "Day 3: 14:00-22:00"
    assign.place.setCurrentIndex(2)
    assign.since.setDate(qdate(TODAY - DAY))
    assign.save.click()
    settle()

    (assignment,) = storage.hours.assignments(sheet.person.id)
    assert assignment.rota is not None
    assert (assignment.rota.name, assignment.first) == ("Turning", 2)
    assert assignment.since == TODAY - DAY
    assert panel.sheets.top is sheet
    assert "Mia Chen works by Turning from" in sheet.note.text
    assert "Works by Turning" in sheet.plans.rota.text()


def test_absences_are_entered_and_taken_back(
    sheet: PersonSheet, panel: AdminPanel, storage: SqlStorage, settle: Settle
) -> None:
    assert not sheet.plans.nothing.isHidden()
    sheet.plans.add_button.click()
    add = panel.sheets.top
    assert isinstance(add, AddAbsence)
    assert [add.kind.itemText(n) for n in range(4)] == [
        *("Holiday", "Sick", "Training", "Unpaid leave"),
    ]
    add.since.setDate(qdate(TODAY + DAY))
    assert add.until.date() == qdate(TODAY + DAY), "never before the first"
    add.until.setDate(qdate(TODAY + 3 * DAY))
    add.save.click()
    settle()

    (absence,) = storage.hours.absences(TODAY, TODAY + 9 * DAY, sheet.person.id)
    assert (absence.kind, absence.since, absence.until) == (
        *("Holiday", TODAY + DAY),
        TODAY + 3 * DAY,
    )
    (button,) = sheet.plans.take_buttons
    assert "Holiday" in button.accessibleName()

    sheet.plans.add_button.click()
    again = panel.sheets.top
    assert isinstance(again, AddAbsence)
    again.since.setDate(qdate(TODAY + 2 * DAY))
    again.save.click()
    settle()
    assert panel.sheets.top is again
    assert "is an absence already: Holiday" in again.wrong.text()
    again.dismiss()

    button.click()
    take = panel.sheets.top
    assert isinstance(take, TakeBack)
    take.take.click()
    settle()
    assert "Say why" in take.reason_field.error
    take.reason.setText("She came")
    take.take.click()
    settle()
    assert storage.hours.absences(TODAY, TODAY + 9 * DAY) == ()
    assert sheet.plans.take_buttons == []
    assert "Mia Chen: Holiday is taken back." in sheet.note.text


def test_where_attendance_is_off_nothing_is_said_of_it(
    site: Site, page: Any, panel: AdminPanel, kiosk: Any, settle: Settle
) -> None:
    kiosk.settings = kiosk.settings.changed(attendance=False)
    page.cards.opened.emit(page.model.cards[0])
    settle()
    top: Any = panel.sheets.top
    assert top.plans.isHidden()
