"""Enrolling: before the camera, from files, from a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.decision import Hint
from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Frame
from kiosk.services.enrol.session import EnrolmentSession
from kiosk.storage import SqlStorage
from kiosk.ui.admin.enrol.files import EnrolFiles, EnrolFolder
from kiosk.ui.admin.enrol.live import EnrolLive, Steady
from kiosk.ui.admin.enrol.start import EnrolMore, EnrolStart
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.widgets.words import GUIDANCE
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk, encoder_info, picture, site_of, vector_of


@pytest.fixture
def start(open_page: OpenPage, panel: AdminPanel) -> EnrolStart:
    open_page("people").enrol()
    assert isinstance(panel.sheets.top, EnrolStart)
    return panel.sheets.top


def _save(path: Path, red: int, green: int = 120) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Pictures.fromarray(picture(red, green)).save(path)
    return path


class TestStart:
    @pytest.mark.parametrize("name", ["", "   ", "x" * 201])
    def test_a_bad_name_is_told_beside_the_field(
        self, start: EnrolStart, panel: AdminPanel, settle: Settle, name: str
    ) -> None:
        start.name.setText(name)
        start.live.click()
        settle()

        assert "name" in start.name_field.error
        assert panel.sheets.top is start

    def test_a_taken_number_is_told_beside_the_field(
        self, start: EnrolStart, storage: SqlStorage, settle: Settle
    ) -> None:
        storage.people.add("Jonas Weber", "17")
        start.name.setText("Mia Chen")
        start.number.setText("17")
        start.live.click()
        settle()

        assert "Jonas Weber has this number" in start.number_field.error

    def test_a_name_that_can_not_be_typed_at_the_door_asks_for_a_number(
        self, start: EnrolStart
    ) -> None:
        usual, asked = start.number_field.help, "Give one: this name can't be typed at the door."
        for name, number, help in [
            ("Łukasz", "", usual),
            ("李雷", "", asked),
            ("李雷", "工", asked),
            ("李雷", "17", usual),
            ("", "", usual),
        ]:
            start.name.setText(name)
            start.number.setText(number)
            assert start.number_field.help == start.number.accessibleDescription() == help
            assert not start.number_field.error

    def test_the_same_name_needs_a_number(
        self, start: EnrolStart, storage: SqlStorage, settle: Settle, panel: AdminPanel
    ) -> None:
        storage.people.add("Mia Chen")
        start.name.setText("mia chen")
        start.live.click()
        settle()
        assert "enrolled already" in start.name_field.error

        start.number.setText("18")
        start.live.click()
        settle()
        assert isinstance(panel.sheets.top, EnrolLive)

    def test_no_face_is_taken_without_consent_where_it_is_required(
        self,
        open_page: OpenPage,
        panel: AdminPanel,
        storage: SqlStorage,
        settle: Settle,
        tmp_path: Path,
        kiosk: Kiosk,
    ) -> None:
        kiosk.settings = replace(kiosk.settings, consent="require")
        open_page("people").enrol()
        start = panel.sheets.top
        assert isinstance(start, EnrolStart)
        start.name.setText("Mia Chen")
        pictures = [_save(tmp_path / "1.png", 50)]
        start.enrol_files(pictures)
        settle()
        assert panel.sheets.top is start
        assert "before they have agreed" in start.consent.error.text()

        start.consent.agrees.click()
        start.enrol_files(pictures)
        settle()
        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFiles)
        sheet.save.click()
        settle()
        (mia,) = storage.people.find()
        (consent,) = storage.consents.of(mia.id)
        assert (consent.how, consent.stands) == ("at the kiosk", True)

    def test_the_text_that_people_agree_to_can_be_read(
        self, start: EnrolStart, panel: AdminPanel
    ) -> None:
        start.consent.read.click()
        sheet = panel.sheets.top
        assert sheet is not start
        assert sheet is not None
        assert any("free will" in part.text() for part in sheet.findChildren(QLabel))


@pytest.mark.parametrize("youngest", [0, 13])
def test_the_age_from_which_the_rate_holds_is_said(
    qtbot: QtBot,
    storage: SqlStorage,
    bridge: Bridge,
    worker: Worker,
    tmp_path: Path,
    settle: Settle,
    youngest: int,
) -> None:
    info = encoder_info()
    info = replace(info, curve=replace(info.curve, youngest=youngest))
    panel = AdminPanel(site_of(Kiosk(storage), tmp_path, info=lambda: info), bridge, worker)
    qtbot.addWidget(panel)
    people: Any = panel.open("people")
    people.enrol()
    start = panel.sheets.top
    assert isinstance(start, EnrolStart)
    settle()
    assert start.age.isHidden() is (youngest == 0)
    assert ("13 and older" in start.age.text()) is (youngest == 13)
    panel.close()


class Live:
    """Stands before the camera."""

    def __init__(self, bridge: Bridge, settle: Settle) -> None:
        self._bridge = bridge
        self._settle = settle
        self._number = 0

    def look(self, red: int, times: int = 1, green: int = 120) -> None:
        for _ in range(times):
            self._bridge.on_frame(Frame(picture(red, green), self._number, self._number * 0.7))
            self._number += 1
            self._settle()


@pytest.fixture
def live(bridge: Bridge, settle: Settle) -> Live:
    return Live(bridge, settle)


@pytest.fixture
def before_camera(start: EnrolStart, panel: AdminPanel, settle: Settle) -> EnrolLive:
    start.name.setText("Mia Chen")
    start.number.setText("18")
    start.live.click()
    settle()
    assert isinstance(panel.sheets.top, EnrolLive)
    return panel.sheets.top


class TestLive:
    def test_five_looks_enrol_somebody(
        self,
        before_camera: EnrolLive,
        live: Live,
        panel: AdminPanel,
        storage: SqlStorage,
        kiosk: Kiosk,
        settle: Settle,
    ) -> None:
        live.look(50, times=4)
        assert before_camera.progress.text() == "4 of 5 photos"
        assert not before_camera.save.isEnabled()
        live.look(50)
        assert before_camera.save.isEnabled()
        assert not storage.people.find()

        before_camera.save.click()
        settle()

        (person,) = storage.people.find()
        assert (person.name, person.staff_number, person.template_count) == ("Mia Chen", "18", 5)
        assert panel.sheets.top is None
        assert kiosk.engine.reloads == 1
        assert panel.page is not None
        assert panel.page.banner.text == "Mia Chen is enrolled with 5 photos."

    def test_what_will_keep_it_from_working_is_said_at_the_end(
        self, start: EnrolStart, panel: AdminPanel, bridge: Bridge, live: Live, settle: Settle
    ) -> None:
        start.name.setText("李雷")
        start.live.click()
        settle()
        before_camera = panel.sheets.top
        assert isinstance(before_camera, EnrolLive)
        live.look(50, times=5)
        before_camera.save.click()
        settle()

        assert panel.page is not None
        assert panel.page.banner.text == (
            "李雷 is enrolled with 5 photos. Give 李雷 a staff number: the name can't be typed at "
            "the door."
        )

    def test_guidance_tells_what_to_do(self, before_camera: EnrolLive, live: Live) -> None:
        live.look(0, times=3)
        assert before_camera.guidance.text() == GUIDANCE[Hint.NO_FACE]
        live.look(50, green=10, times=3)
        assert before_camera.guidance.text() == GUIDANCE[Hint.MORE_LIGHT]
        live.look(50, green=255, times=3)
        assert before_camera.guidance.text() == GUIDANCE[Hint.ONE_PERSON]

    def test_somebody_else_is_not_mixed_in(self, before_camera: EnrolLive, live: Live) -> None:
        live.look(50, times=2)
        live.look(90, times=3)

        assert before_camera.progress.text() == "2 of 5 photos"

    def test_start_over_forgets(self, before_camera: EnrolLive, live: Live, settle: Settle) -> None:
        live.look(50, times=3)
        before_camera.again.click()
        settle()
        assert before_camera.progress.text() == "0 of 5 photos"

        live.look(90)
        assert before_camera.progress.text() == "1 of 5 photos"

    def test_a_face_known_by_another_name_is_asked_about(
        self,
        before_camera: EnrolLive,
        live: Live,
        panel: AdminPanel,
        storage: SqlStorage,
        settle: Settle,
    ) -> None:
        other = storage.people.add("Jonas Weber")
        storage.people.add_template(other.id, vector_of(50), "fake-encoder-v1", 0.9, "camera")
        live.look(50, times=5)
        before_camera.save.click()
        settle()
        question = panel.sheets.top
        assert question is not None
        assert question.accessibleName() == "Is this right?"
        said = " ".join(text.text() for text in question.findChildren(QLabel))
        assert "enrolled already as Jonas Weber" in said
        assert len(storage.people.find()) == 1

        anyway = next(b for b in question.findChildren(QAbstractButton) if "anyway" in b.text())
        anyway.click()
        settle()
        assert len(storage.people.find()) == 2

    def test_leaving_stores_nothing(
        self, before_camera: EnrolLive, live: Live, panel: AdminPanel, storage: SqlStorage
    ) -> None:
        live.look(50, times=5)
        panel.sheets.close_all()
        live.look(50, times=2)

        assert not storage.people.find()

    def test_a_lost_camera_is_told(
        self, before_camera: EnrolLive, bridge: Bridge, qtbot: QtBot, live: Live
    ) -> None:
        live.look(50)
        bridge.on_camera("Camera 0 was unplugged: plug it in again.")

        qtbot.waitUntil(lambda: "unplugged" in before_camera.guidance.text())
        assert not before_camera.view.has_picture


def test_missing_models_are_told(
    open_page: OpenPage, panel: AdminPanel, settle: Settle, kiosk: Kiosk, start: EnrolStart
) -> None:
    def broken() -> EnrolmentSession:
        raise ModelError("models/encoder.tflite is missing: run make setup again.")

    object.__setattr__(panel._context.site, "open_enrolment", broken)
    start.name.setText("Mia Chen")
    start.live.click()
    settle()

    assert isinstance(panel.sheets.top, EnrolLive)
    assert "is missing" in panel.sheets.top.guidance.text()


def test_hints_do_not_flicker() -> None:
    steady = Steady()

    assert steady.hear(Hint.COME_CLOSER, 0.0) is Hint.NO_FACE
    assert steady.hear(Hint.STEP_BACK, 0.2) is Hint.NO_FACE
    assert steady.hear(Hint.COME_CLOSER, 0.3) is Hint.NO_FACE
    assert steady.hear(Hint.COME_CLOSER, 0.8) is Hint.COME_CLOSER
    assert steady.hear(Hint.NONE, 0.9) is Hint.COME_CLOSER
    assert steady.hear(Hint.NONE, 1.5) is Hint.COME_CLOSER
    assert steady.hear(Hint.NONE, 1.7) is Hint.NONE


class TestFiles:
    def test_pictures_are_judged_before_anything_is_stored(
        self,
        start: EnrolStart,
        panel: AdminPanel,
        storage: SqlStorage,
        kiosk: Kiosk,
        settle: Settle,
        tmp_path: Path,
    ) -> None:
        paths = [_save(tmp_path / f"{n}.png", 50, 120 + n) for n in range(3)]
        paths.append(_save(tmp_path / "wall.png", 0))
        broken = tmp_path / "broken.jpg"
        broken.write_bytes(b"")
        start.name.setText("Mia Chen")
        start.enrol_files([*paths, broken])
        settle()

        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFiles)
        assert sheet.summary.text() == "3 of 5 pictures can be used"
        reasons = [sheet.report._model.index(row, 2).data() for row in range(2)]
        assert "No face was found" in reasons[0]
        assert "can be read" in reasons[1]
        settle()
        assert sheet.report._model.index(0, 0).data(Qt.ItemDataRole.UserRole) is not None
        assert sheet.report._model.index(1, 0).data(Qt.ItemDataRole.UserRole) is None
        sheet.copy.click()
        assert "wall.png: No face" in QGuiApplication.clipboard().text()
        assert not storage.people.find()

        sheet.save.click()
        settle()
        (person,) = storage.people.find()
        assert (person.name, person.template_count) == ("Mia Chen", 3)
        assert panel.sheets.top is None
        assert kiosk.engine.reloads == 1

    def test_none_usable_stores_nobody(
        self,
        start: EnrolStart,
        panel: AdminPanel,
        storage: SqlStorage,
        settle: Settle,
        tmp_path: Path,
    ) -> None:
        start.name.setText("Mia Chen")
        start.enrol_files([_save(tmp_path / "wall.png", 0)])
        settle()

        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFiles)
        assert "None" in sheet.summary.text()
        assert not sheet.save.isEnabled()
        assert not storage.people.find()

    def test_more_templates_for_somebody_enrolled(
        self,
        open_page: OpenPage,
        panel: AdminPanel,
        storage: SqlStorage,
        settle: Settle,
        tmp_path: Path,
    ) -> None:
        person = storage.people.add("Mia Chen")
        page = open_page("people")
        page.cards.opened.emit(page.model.cards[0])
        settle()
        card: Any = panel.sheets.top
        next(b for b in card.findChildren(QAbstractButton) if "Add photos" in b.text()).click()
        more = panel.sheets.top
        assert isinstance(more, EnrolMore)
        more.enrol_files([_save(tmp_path / "1.png", 50)])
        settle()
        assert isinstance(panel.sheets.top, EnrolFiles)
        panel.sheets.top.save.click()
        settle()

        assert panel.sheets.top is card
        assert card.template_head.text() == "1 photo"
        assert storage.people.get(person.id).template_count == 1


class TestFolder:
    def test_a_folder_of_people(
        self,
        start: EnrolStart,
        panel: AdminPanel,
        storage: SqlStorage,
        kiosk: Kiosk,
        settle: Settle,
        tmp_path: Path,
    ) -> None:
        for red, name in ((50, "Mia_Chen"), (90, "José García")):
            for number in range(3):
                _save(tmp_path / "in" / name / f"{number}.png", red, 120 + number)
        _save(tmp_path / "in" / "Nobody" / "wall.png", 0)
        start.enrol_folder(tmp_path / "in")
        settle()

        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFolder)
        assert sheet.summary.text() == "2 people enrolled from 6 pictures, 1 left out"
        lines = [
            [sheet.report._model.index(row, column).data() for column in (1, 2)]
            for row in range(sheet.report._model.rowCount())
        ]
        assert [name for name, _ in lines] == [
            "Nobody",
            "Nobody/wall.png",
            "José García",
            "Mia Chen",
        ]
        assert [text for _, text in lines][2:] == 2 * ["Enrolled with 3 photos."]
        assert {person.name for person in storage.people.find()} == {"Mia Chen", "José García"}

        sheet.done.click()
        settle()
        assert panel.sheets.top is None
        assert kiosk.engine.reloads == 1

    def test_two_folders_that_stand_for_one_name_are_told_apart(
        self, start: EnrolStart, panel: AdminPanel, settle: Settle, tmp_path: Path
    ) -> None:
        for red, folder in ((50, "Sam Lee"), (90, "Sam_Lee")):
            _save(tmp_path / "in" / folder / "1.png", red)
        start.enrol_folder(tmp_path / "in")
        settle()
        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFolder)
        model = sheet.report._model
        names = [model.index(row, 1).data() for row in range(model.rowCount())]
        assert sorted(names) == ["Sam Lee", "Sam Lee  “Sam_Lee”"]

    def test_everybody_known_already_is_said(
        self, start: EnrolStart, panel: AdminPanel, settle: Settle, tmp_path: Path
    ) -> None:
        _save(tmp_path / "in" / "Mia Chen" / "1.png", 50)
        for summary in (
            "1 person enrolled from 1 picture",
            "Nobody new: 1 person is enrolled already",
        ):
            start.enrol_folder(tmp_path / "in")
            settle()
            sheet = panel.sheets.top
            assert isinstance(sheet, EnrolFolder)
            assert sheet.summary.text() == summary
            panel.sheets.close_all()
            panel.enrol()
            assert isinstance(panel.sheets.top, EnrolStart)
            start = panel.sheets.top

    def test_a_folder_without_people_is_told(
        self, start: EnrolStart, panel: AdminPanel, settle: Settle, tmp_path: Path
    ) -> None:
        (tmp_path / "in").mkdir()
        start.enrol_folder(tmp_path / "in")
        settle()

        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFolder)
        assert "no sub-folders" in sheet.note.text()

    def test_cancelling_leaves_nobody_by_half(
        self,
        start: EnrolStart,
        panel: AdminPanel,
        storage: SqlStorage,
        settle: Settle,
        tmp_path: Path,
    ) -> None:
        for number in range(30):
            _save(tmp_path / "in" / f"P{number:02}" / "1.png", 20 + number)
        start.enrol_folder(tmp_path / "in")
        sheet = panel.sheets.top
        assert isinstance(sheet, EnrolFolder)
        sheet.dismiss()
        settle()

        assert "Stopped" in sheet.note.text()
        assert len(storage.people.find()) < 30
        assert all(person.template_count == 1 for person in storage.people.find())


def test_pictures_keep_their_colours(qtbot: QtBot) -> None:
    from kiosk.ui.admin.widgets.pictures import Thumbnail, pixmap_of

    image = np.zeros((20, 30, 3), np.uint8)
    image[:, 15:] = (200, 30, 10)
    shown = pixmap_of(image[:, ::-1])

    assert shown.toImage().pixelColor(0, 5).getRgb()[:3] == (200, 30, 10)
    thumb = Thumbnail(image)
    qtbot.addWidget(thumb)
    thumb.show_image(None)
    assert not thumb.grab().isNull()
