"""Closed periods, and closing the next one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.close_period import ClosePeriod
from kiosk.ui.admin.attendance.hours import HoursView
from kiosk.ui.admin.attendance.period_sheet import PeriodSheet, signed
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle

IN, OUT = Direction.IN, Direction.OUT
DAY = timedelta(days=1)
TODAY = date.today()
FIRST = TODAY - 20 * DAY


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour).astimezone()


@pytest.fixture
def mia(storage: SqlStorage) -> int:
    person_id = storage.people.add("Mia Chen", "17").id
    for back in (20, 10):
        storage.clock_events.add(person_id, IN, at(TODAY - back * DAY, 8))
        storage.clock_events.add(person_id, OUT, at(TODAY - back * DAY, 16))
    return person_id


@pytest.fixture
def page(mia: int, open_page: OpenPage) -> Any:
    return open_page("attendance")


@pytest.fixture
def view(page: Any, settle: Settle) -> Any:
    shown = page.open("periods")
    settle()
    return shown


def closing(view: Any, panel: AdminPanel, settle: Settle) -> ClosePeriod:
    view._close()
    settle()
    assert isinstance(panel.sheets.top, ClosePeriod)
    return panel.sheets.top


def choose(sheet: ClosePeriod, settle: Settle, since: date, until: date) -> None:
    sheet.since.setDate(qdate(since))
    sheet.until.setDate(qdate(until))
    settle()


def test_hours_have_their_sign() -> None:
    assert signed(timedelta(hours=1, minutes=30)) == "1:30"
    assert signed(-timedelta(minutes=90)) == "−1:30"
    assert signed(timedelta(minutes=5), plus=True) == "+0:05"


def test_nothing_closed_says_what_closing_is(view: Any) -> None:
    assert view.stack.currentWidget() is view.nothing
    assert not view.close_button.isEnabled()


def test_the_last_month_is_proposed_and_a_day_to_come_is_refused(
    view: Any, panel: AdminPanel, storage: SqlStorage, settle: Settle
) -> None:
    sheet = closing(view, panel, settle)
    assert sheet.days[1] == TODAY.replace(day=1) - DAY
    assert sheet.days[0] == sheet.days[1].replace(day=1)
    assert sheet.close_it.isEnabled()
    choose(sheet, settle, FIRST, TODAY)
    assert "not over yet" in sheet.until_field.error
    assert not sheet.close_it.isEnabled()
    choose(sheet, settle, TODAY, FIRST)
    assert "before the first" in sheet.until_field.error
    assert not sheet.close_it.isEnabled()
    choose(sheet, settle, FIRST, FIRST + 5 * DAY)
    assert sheet.until_field.error == ""
    assert sheet.sums.text() == "1 person, 8:00 hours"
    sheet.close_it.click()
    settle()

    (period,) = storage.hours.periods()
    assert (period.since, period.until) == (FIRST, FIRST + 5 * DAY)
    assert panel.sheets.top is None
    assert "is closed" in view.banner.text
    texts = view.table.texts(0)
    assert texts[1:3] == ["8:00", ""]
    assert texts[4] == "administrator"
    assert period.digest.startswith(texts[5])


def test_days_are_closed_once(
    view: Any, panel: AdminPanel, site: Site, storage: SqlStorage, settle: Settle
) -> None:
    sheet = closing(view, panel, settle)
    choose(sheet, settle, FIRST, FIRST + 5 * DAY)
    site.admin.periods.close(ADMINISTRATOR, FIRST + DAY, FIRST + 6 * DAY)
    sheet.close_it.click()
    settle()
    assert "is closed already, by administrator" in sheet.wrong.text()
    assert panel.sheets.top is sheet
    assert len(storage.hours.periods()) == 1


def test_what_is_unsettled_is_shown_with_a_way_to_it(
    view: Any, page: Any, panel: AdminPanel, site: Site, mia: int, settle: Settle
) -> None:
    day = FIRST + 2 * DAY
    site.records.clock_events.add(mia, IN, at(day, 8))  # type: ignore[attr-defined]
    site.admin.requests.ask(ADMINISTRATOR, mia, OUT, at(day, 16), "Forgot")
    sheet = closing(view, panel, settle)
    choose(sheet, settle, FIRST, FIRST + 5 * DAY)
    assert sheet.unsettled.text() == "1 open end, 1 open request in these days."
    assert sheet.close_it.text() == "Close anyway"
    sheet.to_day.click()
    settle()
    assert panel.sheets.top is None
    shown = page.view
    assert isinstance(shown, HoursView)
    assert shown.day == day

    page.open("periods")
    settle()
    sheet = closing(view, panel, settle)
    choose(sheet, settle, FIRST, FIRST + 5 * DAY)
    sheet.to_requests.click()
    settle()
    assert page.chips.chosen == "requests"

    page.open("periods")
    settle()
    sheet = closing(view, panel, settle)
    choose(sheet, settle, FIRST, FIRST + 5 * DAY)
    sheet.close_it.click()
    settle()
    assert len(site.records.hours.periods()) == 1


def test_what_is_carried_on_is_shown_before_and_after(
    view: Any, panel: AdminPanel, site: Site, storage: SqlStorage, mia: int, settle: Settle
) -> None:
    site.admin.periods.close(ADMINISTRATOR, FIRST, FIRST + 5 * DAY)
    went = storage.clock_events.between(at(FIRST, 12), at(FIRST, 20), mia)[0]
    site.admin.corrections.move(ADMINISTRATOR, went, at(FIRST, 17), "The gate's list")
    view.refresh()
    settle()
    assert view.pending.text().startswith("1 day in a closed period has changed since, by 1:00")
    view.pending_button.click()
    pending = panel.sheets.top
    assert isinstance(pending, PeriodSheet)
    pending.dismiss()

    sheet = closing(view, panel, settle)
    assert sheet.days == (FIRST + 6 * DAY, FIRST + 11 * DAY)
    assert "Mia Chen" in sheet.carried.text()
    assert "+1:00. The gate's list" in sheet.carried.text()
    sheet.close_it.click()
    settle()
    assert view.table.texts(0)[1:3] == ["9:00", "1 day"]
    assert view.pending.text().startswith("Nothing has changed")

    view.table.chosen.emit(view.table.values[0])
    period = panel.sheets.top
    assert isinstance(period, PeriodSheet)
    assert period.table.texts(0) == ["Mia Chen", "9:00", "", "+1:00"]
