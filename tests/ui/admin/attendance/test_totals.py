"""A week or a month of everybody: a row a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from kiosk.domain.attendance import ClockEvent, Direction, Evidence
from kiosk.domain.hours.shifts import Assignment, Rota
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.reading import days_of
from kiosk.ui.admin.attendance.totals import BY_HAND, COUNTED, DAYS, QUESTIONS, WHO, read_totals
from kiosk.ui.admin.widgets.formats import qdate
from tests.ui.admin.conftest import OpenPage, Settle

IN, OUT = Direction.IN, Direction.OUT
MONDAY = date(2026, 3, 2)


def at(day: date, hour: float) -> datetime:
    return (datetime(day.year, day.month, day.day).astimezone() + timedelta(hours=hour)).astimezone(
        UTC
    )


@pytest.fixture
def week(storage: SqlStorage) -> None:
    """Ada worked three days, one of them by hand and one without an end; Ben nothing."""
    ada, ben = storage.people.add("Ada Lovelace"), storage.people.add("Ben")
    storage.people.update(replace(ada, group="Kitchen"))
    storage.people.update(replace(ben, group="Office"))
    for back, (direction, hour), evidence in (
        (0, (IN, 8), Evidence.FACE),
        (0, (OUT, 12), Evidence.FACE),
        (1, (IN, 8), Evidence.FACE),
        (1, (OUT, 11), Evidence.HAND),
        (2, (IN, 8), Evidence.FACE),
    ):
        when = at(MONDAY + timedelta(days=back), hour)
        event = ClockEvent(0, ada.id, direction, when, evidence, person_name="Ada Lovelace")
        storage.clock_events.put(event)


def test_totals_of_a_week(week: None, site: Site) -> None:
    ada, ben = read_totals(site, MONDAY, MONDAY + timedelta(days=6))
    assert (ada.name, ada.group, ada.days, ada.questions) == ("Ada Lovelace", "Kitchen", 2, 1)
    assert (ada.counted, ada.by_hand) == (timedelta(hours=7), timedelta(hours=3))
    assert (ben.name, ben.counted, ben.days, ben.questions) == ("Ben", timedelta(), 0, 0)


def test_whoever_is_at_work_has_no_open_end(storage: SqlStorage, site: Site) -> None:
    ada, now = storage.people.add("Ada"), datetime.now(UTC)
    storage.clock_events.add(ada.id, IN, now - timedelta(hours=1))
    today = site.attendance().today(now - timedelta(hours=1))
    (total,) = read_totals(site, today, today)
    assert total.questions == 0


def test_a_shift_to_come_is_not_missing(storage: SqlStorage, site: Site) -> None:
    ada, today = storage.people.add("Ada"), date.today()
    rota = storage.hours.add_rota(Rota.parse("Early", ",".join(["08:00-09:00"] * 7)))
    storage.hours.assign(Assignment(ada.id, today - timedelta(days=3), rota))
    days = timedelta(days=2)
    (total,) = read_totals(site, today - days, today - timedelta(days=1))
    assert total.questions == 2
    (total,) = read_totals(site, today + timedelta(days=1), today + days)
    assert total.questions == 0


def test_everybodys_week_and_month_at_the_panel(
    week: None, open_page: OpenPage, settle: Settle
) -> None:
    view: Any = open_page("attendance").view
    view.date.setDate(qdate(MONDAY))
    view.span.choose("week")
    settle()

    def cells(row: int = 0) -> list[str]:
        model = view.totals_table.model()
        columns = (WHO, COUNTED, BY_HAND, DAYS, QUESTIONS)
        return [model.index(row, column).data() for column in columns]

    assert view.stack.currentWidget() is view.totals_table
    assert cells() == ["Ada Lovelace", "7:00", "3:00", "2", "1"]
    assert cells(1) == ["Ben", "", "", "", ""]
    assert "2 people, 7:00 hours, 1 thing open" in view.count.text()
    view.totals_table.sortByColumn(COUNTED, Qt.SortOrder.AscendingOrder)
    assert cells()[0] == "Ben"
    assert view.groups.isVisible()
    view.groups.choose("Kitchen")
    assert view.totals_table.model().rowCount() == 1
    assert "1 person" in view.count.text()
    view.span.choose("month")
    settle()
    assert view.groups.chosen == "Kitchen", "what is chosen stays so"
    assert view.totals_table.model().rowCount() == 1
    view.span.choose("day")
    settle()
    assert view.table.model().rowCount() == 1
    assert view.back()
    assert view.table.model().rowCount() == 2
    view.query.setText("LOVE")
    assert view.table.model().rowCount() == 1
    view.step(-1)
    settle()
    assert days_of("day", MONDAY - timedelta(days=1)) == view.days
