"""People: finding, changing, deleting."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image as Pictures
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from kiosk.domain.errors import ModelError
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.people.model import CARD, Card, read_cards, short_line
from kiosk.ui.admin.people.sheet import PersonSheet
from kiosk.ui.admin.widgets.pictures import Thumbnail
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk, enrol, fill_log, vector_of


def _button(sheet: Any, text: str) -> QAbstractButton:
    found: QAbstractButton = next(
        b for b in sheet.findChildren(QAbstractButton) if text in (b.text().strip(), b.toolTip())
    )
    return found


def test_nobody_enrolled_shows_the_one_thing_to_do(panel: AdminPanel, open_page: OpenPage) -> None:
    page = open_page("people")

    assert page.stack.currentWidget() is page.nobody
    assert page.nobody.title.text() == "Nobody is enrolled yet"
    assert not page.chips.isVisible()
    page.first_button.click()
    assert panel.sheets.top is not None
    assert panel.sheets.top.accessibleName() == "Enrol somebody"


@pytest.fixture
def page(storage: SqlStorage, open_page: OpenPage) -> Any:
    ids = enrol(storage, 14)
    fill_log(storage, ids, 40)
    return open_page("people")


def test_search_and_chips_find_people(page: Any, qtbot: QtBot) -> None:
    assert len(page.model.cards) == 14
    page.chips.choose("disabled")
    assert [card.person.enabled for card in page.model.cards] == [False]
    page.chips.choose("none")
    assert [card.state for card in page.model.cards] == ["No photo"]
    page.chips.choose("all")

    page.query.setText("MIA")
    qtbot.waitUntil(lambda: len(page.model.cards) == 1)
    page.query.setText("1007")
    qtbot.waitUntil(lambda: [c.person.staff_number for c in page.model.cards] == ["1007"])
    page.query.setText("x y z")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.no_match)

    assert page.back()
    qtbot.waitUntil(lambda: len(page.model.cards) == 14)
    assert not page.back()


def test_templates_of_another_encoder_do_not_count(
    storage: SqlStorage, site: Site, open_page: OpenPage
) -> None:
    person = storage.people.add("Mia Chen")
    storage.people.add_template(person.id, vector_of(1), "an-older-one", 0.9, "camera")

    page = open_page("people")

    (card,) = page.model.cards
    assert card.state == "Photos of another encoder"
    assert card.fits("none")

    def broken() -> Any:
        raise ModelError("The encoder's file is missing.")

    (card,) = read_cards(storage, broken, "")
    assert card.usable == 1


def test_a_card_opens_with_the_mouse_and_with_enter(
    page: Any, panel: AdminPanel, qtbot: QtBot
) -> None:
    place = page.cards.visualRect(page.model.index(0, 0)).center()
    qtbot.mouseClick(page.cards.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert isinstance(panel.sheets.top, PersonSheet)
    panel.sheets.back()

    page.cards.setCurrentIndex(page.model.index(1, 0))
    qtbot.keyClick(page.cards, Qt.Key.Key_Return)
    assert isinstance(panel.sheets.top, PersonSheet)
    assert panel.sheets.top.person == page.model.index(1, 0).data(CARD).person


@pytest.fixture
def sheet(page: Any, panel: AdminPanel, settle: Settle) -> PersonSheet:
    card = next(card for card in page.model.cards if card.person.name == "Mia Chen")
    page.cards.opened.emit(card)
    settle()
    assert isinstance(panel.sheets.top, PersonSheet)
    return panel.sheets.top


def test_details_are_changed(
    sheet: PersonSheet, panel: AdminPanel, storage: SqlStorage, kiosk: Kiosk, settle: Settle
) -> None:
    assert not sheet.save.isEnabled()
    sheet.name.setText("Mia  Chen-Weber")
    sheet.number.setText("77")
    sheet.enabled.setChecked(False)
    sheet.save.click()
    settle()

    stored = storage.people.get(sheet.person.id)
    assert (stored.name, stored.staff_number, stored.enabled) == ("Mia Chen-Weber", "77", False)
    assert panel.sheets.top is None
    assert kiosk.engine.reloads == 1
    assert panel.page is not None
    assert "Mia Chen-Weber is saved" in panel.page.banner.text


@pytest.mark.parametrize("name", ["", "x" * 500, "   "])
def test_a_bad_name_is_told_beside_the_field(
    sheet: PersonSheet, storage: SqlStorage, settle: Settle, name: str
) -> None:
    sheet.name.setText(name)
    sheet.save.click()
    settle()

    assert "name" in sheet.name_field.error
    assert not sheet.number_field.error
    assert storage.people.get(sheet.person.id).name == "Mia Chen"
    sheet.name.setText("Mia")
    assert not sheet.name_field.error


def test_who_can_not_be_typed_at_the_door_needs_a_number(sheet: PersonSheet) -> None:
    sheet.number.clear()
    assert sheet.number_field.help == ""
    sheet.name.setText("李雷")
    assert sheet.number_field.help == "Give one: this name can't be typed at the door."
    sheet.number.setText("17")
    assert sheet.number_field.help == ""


def test_a_taken_number_is_told_beside_the_field(sheet: PersonSheet, settle: Settle) -> None:
    sheet.number.setText("1007")
    sheet.save.click()
    settle()

    assert "belongs to somebody else" in sheet.number_field.error
    assert not sheet.name_field.error


def test_a_pin_is_set_and_removed(
    sheet: PersonSheet, site: Site, storage: SqlStorage, settle: Settle
) -> None:
    storage.people.update(replace(sheet.person, staff_number="900"))
    sheet.pin.setText("1234")
    sheet.set_pin.click()
    settle()
    assert "choose another" in sheet.pin_field.error

    sheet.pin.setText("2846")
    sheet.set_pin.click()
    settle()
    assert site.pins.check_person("900", "2846").id == sheet.person.id
    assert not sheet.pin.text()
    assert sheet.set_pin.text() == "Change PIN"

    sheet.remove_pin.click()
    settle()
    assert not storage.people.get(sheet.person.id).has_pin


def test_one_template_is_deleted(
    sheet: PersonSheet, panel: AdminPanel, storage: SqlStorage, kiosk: Kiosk, settle: Settle
) -> None:
    before = storage.people.templates_of(sheet.person.id)
    _button(sheet, f"Delete the photo from {before[0].source}").click()
    confirm = panel.sheets.top
    assert confirm is not sheet
    _button(confirm, "Delete photo").click()
    settle()

    after = storage.people.templates_of(sheet.person.id)
    assert len(after) == len(before) - 1
    assert before[0].id not in {template.id for template in after}
    assert sheet.template_head.text() == "4 photos"
    assert kiosk.engine.reloads == 1

    _button(sheet, "Undo").click()
    settle()
    assert sheet.template_head.text() == "5 photos"
    back = storage.people.templates_of(sheet.person.id)[-1]
    assert (back.source, back.quality) == (before[0].source, before[0].quality)


def test_deleting_somebody_names_what_is_lost(
    sheet: PersonSheet, panel: AdminPanel, storage: SqlStorage, kiosk: Kiosk, settle: Settle
) -> None:
    logged = storage.events.last_at()
    sheet.delete.click()
    confirm = panel.sheets.top
    assert confirm is not None
    assert confirm.accessibleName() == "Delete Mia Chen and their 5 photos?"
    _button(confirm, "Cancel").click()
    assert panel.sheets.top is sheet
    assert storage.people.get(sheet.person.id)

    page: Any = panel.page
    sheet.delete.click()
    _button(panel.sheets.top, "Delete person").click()
    assert panel.sheets.top is None
    assert page.banner.text == "Mia Chen is deleted."
    assert "Mia Chen" not in {card.person.name for card in page.model.cards}

    page.settle()
    settle()
    assert "Mia Chen" not in {person.name for person in storage.people.find()}
    assert storage.events.last_at() == logged
    assert kiosk.engine.reloads == 1
    assert not page.banner.text


def test_a_deletion_can_be_undone(
    sheet: PersonSheet, panel: AdminPanel, storage: SqlStorage, kiosk: Kiosk, settle: Settle
) -> None:
    page: Any = panel.page
    sheet.delete.click()
    _button(panel.sheets.top, "Delete person").click()

    _button(page.banner, "Undo").click()
    panel.open("log")
    settle()

    assert storage.people.get(sheet.person.id).template_count == 5
    assert "Mia Chen" in {card.person.name for card in page.model.cards}
    assert kiosk.engine.reloads == 0


@pytest.mark.parametrize("way", ["another page", "the kiosk"])
def test_leaving_ends_the_time_to_undo(
    sheet: PersonSheet,
    panel: AdminPanel,
    storage: SqlStorage,
    settle: Settle,
    qtbot: QtBot,
    way: str,
) -> None:
    sheet.delete.click()
    _button(panel.sheets.top, "Delete person").click()
    assert len(storage.people.find()) == 14

    if way == "another page":
        panel.open("log")
        settle()
    else:
        with qtbot.waitSignal(panel.closed):
            panel.leave(panel.closed.emit)

    assert len(storage.people.find()) == 13


def test_somebody_deleted_meanwhile_is_told(
    sheet: PersonSheet, storage: SqlStorage, settle: Settle
) -> None:
    storage.people.delete(sheet.person.id)

    sheet.read()
    settle()

    assert "may have been deleted" in sheet.note.text


def test_the_sheet_tells_when_somebody_was_last_seen(sheet: PersonSheet) -> None:
    assert "Last seen" in sheet.seen.text()


def test_a_kept_picture_of_a_photo_is_shown_and_comes_back_with_it(
    panel: AdminPanel, storage: SqlStorage, open_page: OpenPage, settle: Settle
) -> None:
    buffer = io.BytesIO()
    Pictures.new("RGB", (40, 40), (200, 30, 30)).save(buffer, "JPEG")
    person = storage.people.add("Mia Chen")
    storage.people.add_template(
        person.id, vector_of(1), "fake-encoder-v1", 0.9, "1.jpg", buffer.getvalue()
    )
    storage.people.add_template(person.id, vector_of(2), "fake-encoder-v1", 0.9, "2.jpg")
    sheet = PersonSheet(panel._context, storage.people.get(person.id))
    panel.sheets.open(sheet)
    settle()
    (shown,) = sheet.findChildren(Thumbnail)
    assert shown.accessibleName() == "Photo from 1.jpg"
    middle = shown.grab().toImage().pixelColor(shown.width() // 2, shown.height() // 2)
    assert middle.red() > 150 > middle.green()


def test_what_stands_in_the_way_is_never_cut(page: Any, storage: SqlStorage) -> None:
    person = storage.people.add("Mia Chen", "PERSONNEL-0008-A-LONG-NUMBER")
    metrics = page.cards.fontMetrics()
    card = Card(person, 0)
    width = metrics.horizontalAdvance("PERSONNEL  ·  No photo")
    told = short_line(card, metrics, width)
    assert told.startswith("PERS")
    assert told.endswith("…  ·  No photo")
    assert metrics.horizontalAdvance(told) <= width
    assert short_line(Card(storage.people.add("Ben"), 0), metrics, width) == "No photo"
    assert short_line(card, metrics, 10_000) == "PERSONNEL-0008-A-LONG-NUMBER  ·  No photo"


def test_few_people_stand_side_by_side_as_many_do(
    storage: SqlStorage, open_page: OpenPage, settle: Settle
) -> None:
    enrol(storage, 40)
    page: Any = open_page("people")

    def across() -> int:
        count = page.model.rowCount()
        tops = [page.cards.visualRect(page.model.index(n, 0)).y() for n in range(count)]
        return tops.count(tops[0])

    many = across()
    page.query.setText("Mia")
    page.refresh()
    settle()
    assert page.model.rowCount() == many == across() == 3
