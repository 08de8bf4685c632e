"""The settings' form and the admin PIN."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ADMINISTRATOR, Actor
from kiosk.domain.errors import BadInput, CameraError, WrongPin
from kiosk.domain.settings import SettingInfo, Settings
from kiosk.services.site import Site
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.settings.page import AT_ONCE
from kiosk.ui.admin.settings.row import SettingRow
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import ENCODER, Kiosk


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page("settings")


def test_every_setting_has_a_row_with_its_value(page: Any, kiosk: Kiosk) -> None:
    assert list(page.rows) == [info.name for info in Settings.about()]
    for name, row in page.rows.items():
        assert row.value == getattr(kiosk.settings, name), name
    assert not page.save_bar.isVisible()


def test_numbers_are_shown_without_idle_figures(page: Any) -> None:
    assert page.rows["far"].control.text() == "0.001"
    assert page.rows["hold"].control.text() == "3 seconds"


def test_what_0_means_is_said_in_words(page: Any) -> None:
    row = page.rows["keep_refused"]
    assert row.control.text() == "for ever"
    assert row.words == "for ever"
    row.set_value(30)
    assert (row.control.text(), row.value) == ("30 days", 30)
    assert page.rows["hours_by_law"].control.text() == "730 days"


def test_a_field_with_nothing_to_choose_from_has_no_arrow(page: Any) -> None:
    assert page.rows["controller"].control.property("list") == "none"
    assert page.rows["camera"].control.property("list") == "", "once the cameras have answered"
    assert page.rows["theme"].control.property("list") == ""


def test_a_title_is_not_broken_while_there_is_room(page: Any) -> None:
    title = page.rows["controller"].findChildren(QLabel)[0]
    assert title.text() == "Who is responsible for the data"
    assert title.height() < 2 * title.fontMetrics().height()


def test_a_change_is_marked_saved_and_in_force(page: Any, kiosk: Kiosk, settle: Settle) -> None:
    row = page.rows["hold"]
    row.control.setValue(7.5)
    page.rows["theme"].control.setCurrentIndex(2)
    assert row._mark.isVisible()
    assert page.save_bar.isVisible()
    assert "Show a verdict for" in page.unsaved_text.text()

    page.save_button.click()
    settle()

    assert kiosk.applied == [Settings(hold=7.5, theme="dark")]
    assert not page.save_bar.isVisible()
    assert "in force" in page.banner.text

    row.reset.click()
    page.save_button.click()
    settle()
    assert kiosk.settings.hold == 3.0
    assert not row._mark.isVisible()


def test_discarding_brings_back_what_is_stored(page: Any) -> None:
    page.rows["mirror"].control.setChecked(False)
    assert page.unsaved
    page.discard_button.click()

    assert page.rows["mirror"].control.isChecked()
    assert not page.unsaved
    assert not page.save_bar.isVisible()


def test_what_does_not_fit_together_is_told_beside_the_field(page: Any, kiosk: Kiosk) -> None:
    page.rows["agree"].control.setValue(9)
    page.save_button.click()

    assert "can't agree" in page.rows["agree"].error.text()
    assert not kiosk.applied
    page.rows["agree"].control.setValue(4)
    assert not page.rows["agree"].error.text()


def test_cameras_are_listed_and_others_can_be_typed(
    page: Any, kiosk: Kiosk, settle: Settle
) -> None:
    combo = page.rows["camera"].control
    assert isinstance(combo, QComboBox)
    assert combo.currentText() == "Integrated camera"
    combo.setCurrentIndex(1)
    assert page.rows["camera"].value == "2"

    combo.setEditText("")
    page.save_button.click()
    assert "empty" in page.rows["camera"].error.text()

    combo.setEditText("rtsp://door.example/live")
    page.save_button.click()
    settle()
    assert kiosk.settings.camera == "rtsp://door.example/live"


def test_encoders_are_those_installed(page: Any) -> None:
    combo = page.rows["encoder"].control

    assert [combo.itemData(place) for place in range(combo.count())] == [
        "auto",
        ENCODER,
        "dlib-resnet-v1",
    ]
    assert not combo.isEditable()
    assert combo.itemText(1) == f"{ENCODER} · Research data"
    assert combo.itemText(2) == "dlib-resnet-v1 · CC0-1.0", "whoever chooses sees the licence"


def test_an_encoder_that_is_gone_stays_as_it_was(page: Any, kiosk: Kiosk) -> None:
    row = page.rows["encoder"]
    row.show_value("a-former-one")

    assert row.value == "a-former-one"


def test_search_shows_what_fits(page: Any) -> None:
    page.query.setText("camera")
    assert page.rows["camera"].isVisible()
    assert not page.rows["theme"].isVisible()
    assert not page.pin.isVisible()

    page.query.setText("pin")
    assert page.pin.isVisible()
    assert page.rows["pin_entry"].isVisible()

    page.query.setText("no such thing")
    assert page.nothing.isVisible()
    assert page.back()
    assert page.rows["theme"].isVisible()
    assert not page.back()


def test_the_wheel_scrolls_and_changes_nothing(page: Any) -> None:
    control = page.rows["window"].control
    value = control.value()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(control.mapToGlobal(QPoint(5, 5))),
        QPoint(0, 120),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)

    assert control.value() == value


def test_a_failure_to_apply_is_told(
    page: Any, panel: AdminPanel, site: Site, settle: Settle
) -> None:
    def broken(_: Actor, __: Settings) -> None:
        raise CameraError("Camera 9 does not answer: choose another.")

    object.__setattr__(site, "apply", broken)
    page.rows["mirror"].control.setChecked(False)
    page.save_button.click()
    settle()

    assert "does not answer" in page.banner.text
    assert page.save_bar.isVisible()
    assert page.save_bar.isEnabled()


def test_what_a_service_finds_wrong_stands_beside_its_setting(
    page: Any, site: Site, settle: Settle
) -> None:
    def refuse(_: Actor, settings: Settings) -> None:
        site.admin.settings.change(ADMINISTRATOR, Settings(), settings)

    object.__setattr__(site, "apply", refuse)
    page.rows["holidays"].set_value("Bavaria")
    page.save_button.click()
    settle()

    assert "such as DE-BY or US-CA" in page.rows["holidays"].error.text()
    assert page.rows["holidays"].value == "Bavaria"
    assert page.banner.text == ""
    page.rows["holidays"].set_value("DE-BY")
    assert page.rows["holidays"].error.text() == ""


def test_a_setting_of_each_kind_is_checked(qtbot: QtBot) -> None:
    info = SettingInfo("x", "a", "Group", "Title", "", choices=(("a", "A"), ("b", "B")))
    row = SettingRow(info, "a")
    qtbot.addWidget(row)
    row.show_value("c")

    with pytest.raises(BadInput):
        row.check()
    assert "one of" in row.error.text()


class TestPin:
    def test_it_is_changed(self, page: Any, site: Site, settle: Settle) -> None:
        site.admin.settings.set_admin_pin(ADMINISTRATOR, "284617")
        page.pin.current.setText("284617")
        page.pin.new.setText("937150")
        page.pin.again.setText("937150")
        page.pin.button.click()
        settle()

        site.pins.check_admin("937150")
        assert page.pin.note.text() == "The admin PIN is changed."
        assert not page.pin.new.text()

    @pytest.mark.parametrize(
        ("current", "new", "again", "field", "words"),
        [
            ("0000", "937150", "937150", "current_field", "not right"),
            ("284617", "123456", "123456", "new_field", "choose another"),
            ("284617", "12", "12", "new_field", "6 to 12 digits"),
            ("284617", "937150", "937250", "again_field", "not the same"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(
        self,
        page: Any,
        site: Site,
        settle: Settle,
        current: str,
        new: str,
        again: str,
        field: str,
        words: str,
    ) -> None:
        site.admin.settings.set_admin_pin(ADMINISTRATOR, "284617")
        page.pin.current.setText(current)
        page.pin.new.setText(new)
        page.pin.again.setText(again)
        page.pin.button.click()
        settle()

        assert words in getattr(page.pin, field).error
        site.pins.check_admin("284617")
        with pytest.raises(WrongPin):
            site.pins.check_admin("937150")

    def test_nothing_typed_stays_when_the_page_is_left(self, page: Any, panel: AdminPanel) -> None:
        page.pin.current.setText("284617")

        panel.open("about")

        assert not page.pin.current.text()


def test_the_rows_come_bit_by_bit_and_all_of_them(panel: AdminPanel, settle: Settle) -> None:
    page: Any = panel.open("settings")
    names = [info.name for info in Settings.about()]
    assert list(page.rows) == names[:AT_ONCE]
    assert not page.complete
    settle()
    assert list(page.rows) == names
    assert page.pin.isVisible()
    assert not page._coming.isActive()


def test_what_is_saved_early_is_checked_as_a_whole(
    panel: AdminPanel, kiosk: Kiosk, settle: Settle
) -> None:
    page: Any = panel.open("settings")
    page.rows["mirror"].control.setChecked(False)
    page.save()
    assert page.complete
    settle()
    assert [settings.mirror for settings in kiosk.applied] == [False]


def test_a_search_finds_what_is_still_to_come(panel: AdminPanel, settle: Settle) -> None:
    page: Any = panel.open("settings")
    page.query.setText("theme")
    assert not page.nothing.isVisible()
    settle()
    assert [name for name, row in page.rows.items() if row.isVisible()] == ["theme"]
    assert not page.pin.isVisible()


def test_what_puts_the_door_at_risk_is_said_and_asked_about(
    page: Any, panel: AdminPanel, kiosk: Kiosk, settle: Settle
) -> None:
    row = page.rows["liveness"]
    assert not row.caution.isVisibleTo(row)
    row.set_value("off")
    assert row.caution.isVisibleTo(row)
    assert "photo" in row.caution.text()

    page.save_button.click()
    asked: Any = panel.sheets.top
    assert asked is not None
    assert not kiosk.applied
    panel.sheets.back()
    settle()
    assert not kiosk.applied, "whoever thinks better of it has changed nothing"
    assert page.unsaved

    page.save_button.click()
    sheet: Any = panel.sheets.top
    next(b for b in sheet.findChildren(QPushButton) if b.property("kind") == "danger").click()
    settle()
    assert kiosk.settings.liveness == "off"


def test_switching_it_on_again_asks_nothing(
    page: Any, panel: AdminPanel, kiosk: Kiosk, settle: Settle
) -> None:
    page.rows["liveness"].set_value("always_challenge")
    page.save_button.click()
    settle()
    assert panel.sheets.top is None
    assert kiosk.settings.liveness == "always_challenge"


def test_somebody_who_searches_for_a_photo_or_liveness_finds_the_check(page: Any) -> None:
    for text in ("photo", "liveness", "turn the head"):
        page.query.setText(text)
        assert page.rows["liveness"].isVisibleTo(page), text
