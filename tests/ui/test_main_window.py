from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QWindowStateChangeEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.errors import ModelError, StorageError
from kiosk.domain.liveness.drill import Drill, Kind
from kiosk.domain.roles import Role
from kiosk.ui.admin.liveness.order import Order
from kiosk.ui.admin.pages import PAGES
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.palette import LIGHT
from kiosk.ui.common.theme import current_theme
from kiosk.ui.kiosk.demo_note import DemoNote
from kiosk.ui.kiosk.drill_guide import DrillGuide
from kiosk.ui.kiosk.drill_words import Plan
from kiosk.ui.kiosk.first_page import FirstPage
from kiosk.ui.main_window import MainWindow
from tests.ui.fakes import FakeKiosk, deny, drill_session, frame


class Panel(QWidget):
    """What the window knows of the admin panel."""

    closed = Signal()
    quit_requested = Signal()
    enrolled = 0
    code = ""

    def show_recovery_code(self, code: str) -> None:
        self.code = code

    def enrol(self) -> None:
        self.enrolled += 1


Make = Callable[..., MainWindow]


@pytest.fixture
def made() -> list[QWidget]:
    """The panels that were made."""
    return []


@pytest.fixture
def make(
    app: QApplication, kiosk: FakeKiosk, bridge: Bridge, made: list[QWidget]
) -> Iterator[Make]:
    windows: list[MainWindow] = []
    kiosk.settings = replace(kiosk.settings, sound=False)

    def panel(_: Actor) -> QWidget:
        made.append(Panel())
        return made[-1]

    def build(windowed: bool = False, make_panel: object = panel, **options: object) -> MainWindow:
        window = MainWindow(windowed, **options)
        windows.append(window)
        window.begin(kiosk.site(), bridge, make_panel)
        window.show()
        return window

    yield build
    for window in windows:
        window.quit()


def test_enrolling_opens_the_panel_there(make: Make, made: list[QWidget]) -> None:
    window = make()
    window.page.admitted.emit(ADMINISTRATOR, "")
    assert made[0].enrolled == 0  # type: ignore[attr-defined]
    window.page.enrolling.emit()
    assert made[0].enrolled == 1  # type: ignore[attr-defined]


def test_a_demo_says_that_it_is_one_whatever_is_shown(make: Make, kiosk: FakeKiosk) -> None:
    assert make().findChild(DemoNote) is None
    kiosk.demo = True
    window = make()
    note = window.findChild(DemoNote)
    assert note is not None
    for show in (partial(window.open_panel, ADMINISTRATOR), window.close_panel):
        show()
        QApplication.processEvents()
        assert note.isVisible()
        assert window.childAt(window.width() // 2, 2) is not None
        top = window.children()[-1]
        assert top is note, "above every page"
        assert note.width() == window.width()


def test_full_screen_unless_windowed(make: Make) -> None:
    assert make().isFullScreen()
    assert not make(windowed=True).isFullScreen()


def test_whoever_watches_the_screen_hears_when_a_picture_should_be_seen(
    qtbot: QtBot, make: Make, bridge: Bridge
) -> None:
    early = MainWindow(True)
    assert early.pictures() == (0, False), "not begun yet"
    early.quit()
    window = make()
    before, wanted = window.pictures()
    assert wanted
    bridge.on_frame(frame())
    qtbot.waitUntil(lambda: window.pictures()[0] > before)
    window.open_panel(ADMINISTRATOR)
    assert not window.pictures()[1]
    window.close_panel()
    assert window.pictures()[1]


def test_a_window_for_development_fits_the_screen_with_its_frame(make: Make) -> None:
    window = make(windowed=True)
    room = window.screen().availableSize()
    assert window.width() + 16 <= room.width()
    assert window.height() + 48 <= room.height()


def test_neither_closing_nor_escape_leaves_the_kiosk(qtbot: QtBot, make: Make) -> None:
    window = make()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.keyClick(window.page, Qt.Key.Key_Escape)
    assert not window.close()
    assert window.isVisible()
    # Whoever tried is asked for the PIN that would lead out.
    qtbot.waitUntil(lambda: window.page.words.sentence == "Admin PIN")


def test_minimised_comes_back_full_screen(qtbot: QtBot, make: Make) -> None:
    window = make()
    window.setWindowState(Qt.WindowState.WindowMinimized)
    QApplication.sendEvent(window, QWindowStateChangeEvent(Qt.WindowState.WindowFullScreen))
    qtbot.waitUntil(lambda: window.isFullScreen() and not window.isMinimized())


def test_a_window_for_development_closes(make: Make) -> None:
    assert make(windowed=True).close()


def test_the_right_pin_opens_the_panel_and_pauses(
    qtbot: QtBot, make: Make, kiosk: FakeKiosk, made: list[QWidget]
) -> None:
    window = make()
    assert not made
    qtbot.mouseClick(window.page.door, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.page.talk.is_open)
    qtbot.keyClicks(window.page.pad, "4711\r")
    qtbot.waitUntil(lambda: window.currentWidget() is window.panel)
    assert kiosk.engine.asked[-1] == ("pause", True)
    assert isinstance(window.panel, Panel)
    window.panel.closed.emit()
    assert window.currentWidget() is window.page
    assert kiosk.engine.asked[-2:] == [("pause", False), ("step_back", True)]
    window.open_panel(ADMINISTRATOR)
    assert len(made) == 1
    window.close_panel()
    somebody = Actor(ActorKind.STAFF, "Mia Chen", Role.MANAGER, ("Night",), 7)
    window.open_panel(somebody)
    assert len(made) == 2, "nothing of what the one before had open"
    window.close_panel()
    window.open_panel(replace(somebody, departments=("Day",)))
    assert len(made) == 3, "the role was changed meanwhile"
    window.close_panel()
    window.open_panel(replace(somebody, departments=("Day",)))
    assert len(made) == 3
    assert made[-1].code == ""  # type: ignore[attr-defined]


def test_a_new_recovery_code_is_shown(make: Make, made: list[QWidget]) -> None:
    make().page.admitted.emit(ADMINISTRATOR, "7K3Q9-ABCDE-FGHJK-MNPQR-STVWX")
    assert made[0].code.startswith("7K3Q9")  # type: ignore[attr-defined]


def test_the_panel_may_end_the_program(make: Make) -> None:
    window = make()
    window.open_panel(ADMINISTRATOR)
    assert not window.close()
    assert isinstance(window.panel, Panel)
    window.panel.quit_requested.emit()
    assert not window.isVisible()
    assert window.panel is None


def test_a_panel_without_signals_will_do(make: Make) -> None:
    window = make(make_panel=lambda _: QWidget())
    window.open_panel(ADMINISTRATOR)
    window.close_panel()
    assert window.currentWidget() is window.page


def test_an_untouched_panel_gives_way_and_takes_its_dialogs_along(qtbot: QtBot, make: Make) -> None:
    window = make(panel_idle=1)
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.setModal(True)
    window.open_panel(ADMINISTRATOR)
    dialog.show()
    qtbot.waitUntil(lambda: window.currentWidget() is window.page)
    assert not dialog.isVisible()


def test_a_touch_keeps_the_panel(qtbot: QtBot, make: Make) -> None:
    window = make(panel_idle=60_000)
    window.open_panel(ADMINISTRATOR)
    timer = window._panel_idle
    timer.start(50_000)
    timer.setInterval(60_000)
    assert isinstance(window.panel, QWidget)
    qtbot.mouseClick(window.panel, Qt.MouseButton.LeftButton)
    assert timer.remainingTime() > 55_000
    QApplication.sendEvent(window.panel, QEvent(QEvent.Type.User))


def test_the_theme_follows_the_settings_and_the_hour(make: Make, kiosk: FakeKiosk) -> None:
    hour = [12]
    window = make(windowed=True, wall_clock=lambda: QTime(hour[0], 0))
    assert not current_theme().dark
    hour[0] = 20
    window._theme_timer.timeout.emit()
    assert current_theme().dark
    kiosk.settings = replace(kiosk.settings, theme="light")
    window.open_panel(ADMINISTRATOR)
    window.close_panel()
    assert not current_theme().dark


def test_the_type_grows_with_the_window(make: Make) -> None:
    window = make(windowed=True)
    window.resize(3840, 2160)
    QApplication.processEvents()
    assert current_theme().scale == pytest.approx(2.7)
    window.resize(800, 600)
    QApplication.processEvents()
    assert current_theme().scale == 1.0


def worked_off(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the window's worker has nothing to do."""
    after: list[None] = []
    window.worker.submit(lambda: None, after.append)
    qtbot.waitUntil(lambda: bool(after), timeout=60_000)


def test_sound_is_warmed_up_only_where_it_is_on(make: Make, kiosk: FakeKiosk, qtbot: QtBot) -> None:
    window = make(windowed=True)
    window._warm_up()
    assert window._sounds._thread is None
    kiosk.settings = replace(kiosk.settings, sound=True)
    window._warm_up()
    assert window._sounds._thread is not None
    # Loaded before the test ends: then pytest-qt takes its handler of messages away, which Qt's
    # audio may just be calling on its thread.
    assert window._sounds.close(30)
    worked_off(window, qtbot)


def test_the_panel_is_imported_before_it_is_opened(make: Make, qtbot: QtBot) -> None:
    window = make(windowed=True)
    window._warm_up()
    worked_off(window, qtbot)
    assert {f"kiosk.ui.admin.{entry.module}" for entry in PAGES} <= sys.modules.keys()
    assert gc.isenabled()


class TestServe:
    """From the first picture to the kiosk's page."""

    @pytest.fixture
    def window(self, app: QApplication) -> Iterator[MainWindow]:
        made = MainWindow(windowed=True)
        yield made
        made.quit()

    def test_the_clock_is_there_before_anything_is_loaded(
        self, window: MainWindow, kiosk: FakeKiosk, bridge: Bridge
    ) -> None:
        told: list[object] = []

        def prepare() -> str:
            told.append((window.currentWidget().accessibleName(), threading.current_thread().name))
            return "prepared"

        def begin(prepared: str) -> None:
            window.begin(kiosk.site(), bridge, QWidget)
            told.append((prepared, window.currentWidget() is window.page))
            QTimer.singleShot(0, window.close)

        assert window.serve(prepare, begin) == 0
        assert told == [("One moment", "screen"), ("prepared", True)]

    def test_what_can_not_be_prepared_is_told_until_it_can(
        self, window: MainWindow, kiosk: FakeKiosk, bridge: Bridge
    ) -> None:
        tries, told = list[str](), list[str]()

        def prepare() -> str:
            tries.append(threading.current_thread().name)
            if len(tries) < 2:
                raise StorageError("The database is damaged. Go back to a backup.")
            return "prepared"

        def failed() -> None:
            assert window.start.page is not None
            QTimer.singleShot(0, window.start.page.button.click)

        def begin(prepared: str) -> None:
            assert window.start.page is not None
            told.append(window.start.page.accessibleName())
            window.begin(kiosk.site(), bridge, QWidget)
            assert window.start.page is None
            assert window.currentWidget() is window.page
            QTimer.singleShot(0, window.close)

        assert window.serve(prepare, begin, failed) == 0
        assert tries == ["screen", "screen"]
        assert told == ["The kiosk can't start The database is damaged. Go back to a backup."]

    def test_what_can_not_begin_ends_the_program(self, window: MainWindow) -> None:
        def begin(_: None) -> None:
            raise ModelError("A model is missing.")

        with pytest.raises(ModelError, match="missing"):
            window.serve(lambda: None, begin)

    def test_closed_before_it_has_begun(self, window: MainWindow) -> None:
        begun: list[object] = []

        def prepare() -> None:
            QTimer.singleShot(0, window, window.close)

        assert window.serve(prepare, begun.append) == 0
        assert not begun


def test_a_kiosk_that_can_not_start_is_not_closed_at_the_door(app: QApplication) -> None:
    window = MainWindow()
    told: list[bool] = []

    def prepare() -> None:
        raise StorageError("The database is locked. Close what has it open.")

    def failed() -> None:
        page = window.start.page
        assert page is not None
        told.append("closed where it was started" in page.accessibleName())
        window.close()
        told.append(window.isVisible())
        told.append("closed where it was started" in page.accessibleName())
        window.quit()

    assert window.serve(prepare, lambda _: None, failed) == 0
    assert told == [False, True, True]


def test_a_window_goes_at_once_and_is_not_left_to_be_collected(app: QApplication) -> None:
    """Python collects on whatever thread it likes; a window ended there ends the program."""
    window = MainWindow(windowed=True)

    def prepare() -> None:
        raise StorageError("The database is locked. Close what has it open.")

    gone = weakref.ref(window)
    gc.collect()
    gc.disable()
    try:
        window.serve(prepare, lambda _, window=window: None, window.quit)
        QApplication.processEvents()
        del window
        assert gone() is None
    finally:
        gc.enable()


def test_the_first_picture_is_the_clock_on_the_themes_ground(app: QApplication) -> None:
    page = FirstPage()
    page.resize(800, 500)
    picture = page.grab().toImage()
    ground, ink = LIGHT.window, LIGHT.text
    seen = {picture.pixelColor(x, y).name() for x in range(800) for y in range(250, 500)}
    assert {ground, ink} <= seen
    assert page.painted.is_set()


def test_nothing_heavy_is_imported_for_the_first_picture() -> None:
    import subprocess
    import sys

    code = (
        "import sys, kiosk.app, kiosk.ui.main_window, kiosk.ui.common.bridge; "
        "print([name for name in sys.modules if name.startswith("
        "('PySide6.QtMultimedia', 'pyqtgraph', 'kiosk.ui.admin', 'cv2', 'sqlalchemy', "
        "'numpy', 'argon2', 'kiosk.services', 'kiosk.storage'))])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


class DrillPanel(Panel):
    """One that can order a drill."""

    drill_requested = Signal(object)
    told: object = None

    def tell_drill(self, result: object) -> None:
        self.told = result


@pytest.fixture
def drilling(make: Make, made: list[QWidget]) -> MainWindow:
    """A window in which a drill was begun from the panel."""

    def panel(_: Actor) -> QWidget:
        made.append(DrillPanel())
        return made[-1]

    window = make(make_panel=panel)
    window.open_panel(ADMINISTRATOR)
    plan = Plan(((Kind.PRINT, 1),))
    made[0].drill_requested.emit(Order(drill_session(), plan))  # type: ignore[attr-defined]
    return window


def test_a_drill_goes_on_at_the_page_and_ends_in_the_panel(
    qtbot: QtBot, drilling: MainWindow, made: list[QWidget], bridge: Bridge, kiosk: FakeKiosk
) -> None:
    window = drilling
    assert window.currentWidget() is window.page
    guide = window.page.findChild(DrillGuide)
    assert guide is not None
    assert guide.geometry() == window.page.rect()
    window.resize(900, 700)
    QApplication.processEvents()
    assert guide.geometry() == window.page.rect()
    guide.run.go()
    QApplication.processEvents()
    bridge.on_view(deny())
    qtbot.waitUntil(lambda: bool(guide.run.drill.tries))
    guide.run.stop()
    assert window.currentWidget() is made[0]
    told = made[0].told  # type: ignore[attr-defined]
    assert isinstance(told, Drill)
    assert len(told.tries) == 1
    assert kiosk.engine.asked[-3:] == [("rehearse", False), ("pause", False), ("pause", True)]
    window.close_panel()
    assert window.page.door.isVisible()


def test_whoever_goes_away_during_a_drill_leaves_the_door_as_it_was(
    drilling: MainWindow, made: list[QWidget], kiosk: FakeKiosk
) -> None:
    window = drilling
    window.close_panel()  # as it does by itself after five minutes
    QApplication.processEvents()
    assert window.currentWidget() is window.page
    assert made[0].told is None  # type: ignore[attr-defined]
    assert ("rehearse", False) in kiosk.engine.asked
    assert kiosk.engine.asked[-2:] == [("pause", False), ("step_back", False)]
    assert window.page.door.isVisible()
