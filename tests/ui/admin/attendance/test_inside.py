"""Who is in: three groups, a list on paper, and everybody out at one time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QLabel, QPushButton

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.audit import Action
from kiosk.domain.hours import Rules
from kiosk.domain.hours.inside import Inside, Present
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.everybody_out import EverybodyOut, likely
from kiosk.ui.admin.attendance.inside_model import HOW, SINCE, WHO, how
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.common.inside_page import html
from tests.ui.admin.conftest import OpenPage, Settle

NOW = datetime.now(UTC)
IN, OUT, BREAK = Direction.IN, Direction.OUT, Direction.BREAK


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


@pytest.fixture
def people(storage: SqlStorage) -> dict[str, int]:
    """Two surely in, one on a break, one there for long, one who never clocked out, one gone."""
    made = {}
    for name, *events in (
        ("Ada", (IN, ago(hours=2))),
        ("Ben", (IN, ago(hours=1))),
        ("Cleo", (IN, ago(hours=4)), (BREAK, ago(minutes=20))),
        ("Dan", (IN, ago(hours=14))),
        ("Eve", (IN, ago(days=2))),
        ("Finn", (IN, ago(hours=5)), (OUT, ago(hours=3))),
    ):
        person = storage.people.add(name)
        if name == "Dan":
            storage.people.update(replace(person, group="Night watch"))
        made[name] = person.id
        for direction, at in events:
            storage.clock_events.put(ClockEvent(0, person.id, direction, at, person_name=name))
    return made


@pytest.fixture
def view(people: dict[str, int], open_page: OpenPage, settle: Settle) -> Any:
    made = open_page("attendance").open("inside")
    settle()
    return made


def shown(view: Any, column: int = WHO) -> list[str]:
    model = view.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_three_groups_with_their_counts(view: Any) -> None:
    assert shown(view) == ["Ada", "Ben", "Cleo", "Dan", "Eve"]
    *sure, resting, long, unknown = shown(view, HOW)
    assert sure == ["Surely in"] * 2
    assert (resting, unknown) == ("Perhaps: on a break", "Unknown: never clocked out")
    assert long.startswith("Perhaps: there for 14:"), "minutes pass while it is drawn"
    texts = [b.text() for b in view.chips.findChildren(QPushButton)]
    assert texts == ["All  5", "Surely in  2", "Perhaps  2", "Unknown  1"]
    assert "5 people" in view.count.text()
    view.chips.choose("perhaps")
    assert shown(view) == ["Cleo", "Dan"]
    assert view.back()
    view.groups.choose("Night watch")
    assert shown(view) == ["Dan"]
    assert view.back()
    view.query.setText("ev")
    assert shown(view) == ["Eve"]
    assert "  " in shown(view, SINCE)[0], "the day stands beside the time of another day"
    assert not view.table.grab().isNull()


def test_it_is_read_anew_every_minute_while_it_is_seen(
    view: Any, people: dict[str, int], storage: SqlStorage, settle: Settle, panel: AdminPanel
) -> None:
    assert view._timer.interval() == 60_000
    assert view._timer.isActive()
    storage.clock_events.add(people["Ada"], OUT, datetime.now(UTC))
    view._timer.timeout.emit()
    settle()
    assert "Ada" not in shown(view)
    panel.open("people")
    assert not view._timer.isActive()


def test_nobody_is_in(open_page: OpenPage, settle: Settle) -> None:
    view: Any = open_page("attendance").open("inside")
    settle()
    assert view.stack.currentWidget() is view.nobody
    assert not view.out_button.isEnabled()


def test_why_somebody_is_perhaps_in() -> None:
    event = ClockEvent(1, 1, IN, ago(hours=1))
    asked = Present(event, Inside.PERHAPS)
    assert how(asked, NOW, Rules()) == "Perhaps: asked and not answered"


def test_the_list_is_written(view: Any, settle: Settle, tmp_path: Path) -> None:
    file = tmp_path / "in.pdf"
    view.write(file)
    settle()
    assert file.read_bytes().startswith(b"%PDF")
    assert "Saved as" in view.banner.text


def test_the_page_has_all_three_groups() -> None:
    event = ClockEvent(1, 1, IN, NOW, person_name="<Mia>", utc_offset_minutes=0)
    text = html([Present(event, Inside.UNKNOWN, "Staff")], NOW)
    assert "&lt;Mia&gt;" in text
    assert "Surely in: 0" in text
    assert "never clocked out: 1" in text
    assert "1 person" in text


def test_a_click_opens_the_day(
    view: Any, panel: AdminPanel, people: dict[str, int], settle: Settle
) -> None:
    view.table.opened.emit(view.table.model().index(4, 0))
    settle()
    sheet: Any = panel.sheets.top
    assert "Eve" in sheet.title.text()
    assert len(sheet.mends) == 1
    sheet.all_days.click()
    settle()
    page: Any = panel.page
    assert page.chips.chosen == "hours"
    assert page.view._person == (people["Eve"], "Eve")


@pytest.fixture
def opened(view: Any, panel: AdminPanel, settle: Settle) -> Callable[[], EverybodyOut]:
    def show() -> EverybodyOut:
        view.out_button.click()
        settle()
        sheet = panel.sheets.top
        assert isinstance(sheet, EverybodyOut)
        return sheet

    return show


def test_everybody_is_clocked_out_and_who_was_not_is_told(
    opened: Callable[[], EverybodyOut], view: Any, storage: SqlStorage, settle: Settle
) -> None:
    sheet = opened()
    assert [person.name for person in sheet.picker.chosen] == ["Ada", "Ben", "Cleo", "Dan"]
    sheet.save.click()
    settle()
    assert "Say why" in sheet.reason_field.error
    at = ago(minutes=90).astimezone()
    sheet.at.setDateTime(QDateTime(at.year, at.month, at.day, at.hour, at.minute, 0))
    sheet.reason.setText("fire drill")
    sheet.save.click()
    settle()
    said = [text.text() for text in sheet.content.findChildren(QLabel)]
    assert any("2 people were clocked out" in text for text in said)
    assert any("Ben" in text and "Came after this time" in text for text in said)
    assert any("Cleo" in text and "Was seen after" in text for text in said)
    sheet.dismiss()
    settle()
    assert shown(view) == ["Ben", "Cleo", "Eve"]
    acts = [entry.subject for entry in storage.audit.newest() if "fire drill" in entry.details]
    assert sorted(acts) == ["Ada", "Dan"]

    undo = next(b for b in view.banner.findChildren(QPushButton) if b.text() == "Undo")
    undo.click()
    settle()
    assert shown(view) == ["Ada", "Ben", "Cleo", "Dan", "Eve"]
    assert [e.action for e in storage.audit.newest(2)] == [Action.UNDO_CLOCK_EVENT] * 2


def test_some_alone_are_clocked_out(
    opened: Callable[[], EverybodyOut],
    view: Any,
    people: dict[str, int],
    settle: Settle,
    panel: AdminPanel,
) -> None:
    sheet = opened()
    sheet.picker.choose([])
    assert not sheet.save.isEnabled()
    sheet.picker.choose([people["Ada"]])
    sheet.at.setDateTime(QDateTime.currentDateTime())
    sheet.reason.setText("went with the van")
    sheet.save.click()
    settle()
    assert panel.sheets.top is None
    assert "1 person was clocked out" in view.banner.text
    assert "Ada" not in shown(view)


def test_the_usual_end_is_offered_once_it_has_passed() -> None:
    evening = datetime(2026, 3, 2, 18, 12, 30).astimezone()
    assert (likely(evening).hour, likely(evening).minute) == (17, 0)
    assert likely(evening.replace(hour=11)) == evening.replace(hour=11, second=0)
