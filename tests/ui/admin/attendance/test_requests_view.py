"""Requests: the open ones first, approved or refused on the day as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.request_sheet import RequestSheet
from kiosk.ui.admin.panel import AdminPanel
from tests.ui.admin.conftest import OpenPage, Settle

IN, OUT = Direction.IN, Direction.OUT
MIA = Actor(ActorKind.PERSON, "Mia Chen")
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)


@pytest.fixture
def mia(storage: SqlStorage) -> int:
    person_id = storage.people.add("Mia Chen").id
    storage.clock_events.add(person_id, IN, NOON - timedelta(hours=4))
    return person_id


@pytest.fixture
def page(site: Site, mia: int, open_page: OpenPage) -> Any:
    site.admin.requests.refuse(
        ADMINISTRATOR, site.admin.requests.ask(MIA, mia, OUT, NOON, "Too early"), "No"
    )
    site.admin.requests.ask(MIA, mia, OUT, NOON + timedelta(hours=4), "Forgot")
    return open_page("attendance")


@pytest.fixture
def view(page: Any, settle: Settle) -> Any:
    shown = page.open("requests")
    settle()
    return shown


def chip(page: Any) -> str:
    text: str = page.chips._buttons["requests"].text()
    return text


def opened(view: Any, panel: AdminPanel, settle: Settle, row: int) -> RequestSheet:
    view.table.chosen.emit(view.table.values[row])
    settle()
    assert isinstance(panel.sheets.top, RequestSheet)
    return panel.sheets.top


def test_how_many_wait_stands_on_the_chip_before_it_is_chosen(page: Any) -> None:
    assert page.view is not page._views.get("requests")
    assert chip(page) == "Requests  1"


def test_the_open_ones_come_first(view: Any) -> None:
    first, second = (view.table.texts(row) for row in range(2))
    assert first[0] == "Mia Chen"
    assert first[1].startswith("Add: Went out ")
    assert first[3:] == ["Open", "Forgot"]
    assert second[3] == "Refused: No"
    assert view.count.text() == "1 open request"


def test_nobody_asks_for_anything(open_page: OpenPage, settle: Settle) -> None:
    page = open_page("attendance")
    view = page.open("requests")
    settle()
    assert view.stack.currentWidget() is view.nothing
    assert chip(page) == "Requests"


def test_a_request_is_approved_on_the_day_as_it_stands(
    view: Any, page: Any, panel: AdminPanel, storage: SqlStorage, mia: int, settle: Settle
) -> None:
    sheet = opened(view, panel, settle, 0)
    assert "as it stands" in sheet.day_head.text()
    assert "Came in" in sheet.day.text()
    assert sheet.closed_note.isHidden()
    sheet.approve.click()
    settle()

    assert panel.sheets.top is None
    assert "done as asked" in page.banner.text
    around = storage.clock_events.between(NOON, NOON + timedelta(days=1), mia)
    assert [event.direction for event in around] == [OUT]
    assert chip(page) == "Requests"
    assert view.table.texts(0)[3] == "Approved"
    assert view.count.text() == "0 open requests"


def test_a_refusal_needs_a_reason(
    view: Any, page: Any, panel: AdminPanel, storage: SqlStorage, settle: Settle
) -> None:
    sheet = opened(view, panel, settle, 0)
    sheet.refuse.click()
    settle()
    assert panel.sheets.top is sheet
    assert "Say why" in sheet.reason_field.error
    assert sheet.refuse.isEnabled()
    sheet.reason.setText("The gate was closed")
    assert not sheet.reason_field.error
    sheet.refuse.click()
    settle()
    assert storage.hours.requests(open_only=True) == ()
    assert "refused" in page.banner.text


def test_an_answered_one_is_shown_without_buttons(
    view: Any, panel: AdminPanel, settle: Settle
) -> None:
    sheet = opened(view, panel, settle, 1)
    assert not sheet.approve.isVisible()
    assert not sheet.reason.isVisible()


def test_what_somebody_else_answered_meanwhile_is_told(
    view: Any, panel: AdminPanel, site: Site, settle: Settle
) -> None:
    sheet = opened(view, panel, settle, 0)
    (waiting,) = site.records.hours.requests(open_only=True)
    site.admin.requests.refuse(ADMINISTRATOR, waiting, "No")
    sheet.approve.click()
    settle()
    assert "answered already" in sheet.reason_field.error


def test_a_day_of_a_closed_period_says_where_it_is_carried(
    view: Any, panel: AdminPanel, site: Site, settle: Settle
) -> None:
    day = NOON.astimezone().date()
    site.admin.periods.close(ADMINISTRATOR, day, day, unsettled_too=True)
    sheet = opened(view, panel, settle, 0)
    assert "carried into the next period" in sheet.closed_note.text()
    assert not sheet.closed_note.isHidden()


def test_entries_that_should_be_another_are_named(
    page: Any, site: Site, storage: SqlStorage, mia: int, settle: Settle
) -> None:
    (came,) = storage.clock_events.between(NOON - timedelta(hours=5), NOON, mia)
    site.admin.requests.ask(MIA, mia, IN, came.at - timedelta(hours=1), "Earlier", came.id)
    site.admin.requests.ask(MIA, mia, IN, None, "Not me", came.id)
    view = page.open("requests")
    settle()
    assert view.table.texts(0)[1].startswith("Strike out: Came in ")
    assert view.table.texts(1)[1].startswith("Came in ")
    assert " instead of: Came in " in view.table.texts(1)[1]


def test_of_whoever_is_deleted_it_can_be_refused(
    view: Any, panel: AdminPanel, storage: SqlStorage, mia: int, settle: Settle
) -> None:
    storage.people.delete(mia)
    view.refresh()
    settle()
    sheet = opened(view, panel, settle, 0)
    assert sheet.day.text()
    sheet.approve.click()
    settle()
    assert "may have been deleted" in sheet.reason_field.error
    sheet.reason.setText("She left")
    sheet.refuse.click()
    settle()
    assert storage.hours.requests(open_only=True) == ()
