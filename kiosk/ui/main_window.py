"""The one window: the kiosk's page, and behind a PIN the admin panel."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTime, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.ui.common.texts import in_force
from kiosk.ui.common.theme import appearance, apply_theme, current_theme, is_dark
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.demo_note import DemoNote
from kiosk.ui.kiosk.start import Start

if TYPE_CHECKING:
    from kiosk.domain.audit import Actor
    from kiosk.services.site import Site
    from kiosk.ui.admin.liveness.order import Order
    from kiosk.ui.common.bridge import Bridge
    from kiosk.ui.kiosk.drill_guide import DrillGuide
    from kiosk.ui.kiosk.page import KioskPage
    from kiosk.ui.kiosk.sounds import Sounds

PANEL_IDLE = 5 * 60_000
"""Milliseconds without a touch or a key after which the panel gives way to the kiosk."""
BASE = QSize(1280, 800)
FRAME = QSize(16, 48)
"""What a desktop puts around a window, at most: with it a window of ours still fits the screen."""
WARM_UP = 3_000
"""Milliseconds after the start at which the audio system and the panel's modules are loaded, so
that the first picture and the first decision come before them."""

T = TypeVar("T")

_TOUCHES = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)


class MainWindow(QStackedWidget):
    """Full screen unless ``windowed``; then nothing but the panel's own Quit, behind the PIN,
    ends it. Until ``begin`` it shows what ``start`` does, and imports nothing for it that takes
    long.
    ``worker`` does what is not for the screen's thread, and may be shared with the panel.
    """

    def __init__(
        self,
        windowed: bool = False,
        *,
        panel_idle: int = PANEL_IDLE,
        wall_clock: Callable[[], QTime] = QTime.currentTime,
    ) -> None:
        super().__init__()
        self._site: Site | None = None
        self._page: KioskPage | None = None
        self._sounds: Sounds | None = None
        self._make_panel: Callable[[Actor], QWidget] = lambda _: QWidget()
        self._panel_for: tuple[object, ...] = ()
        self._windowed = windowed
        self._wall_clock = wall_clock
        self._may_close = windowed
        self._panel: QWidget | None = None
        self._actor: Actor = ADMINISTRATOR
        self._demo_note: DemoNote | None = None
        self._drill: DrillGuide | None = None
        self._bridge: Bridge | None = None
        self.worker = Worker(self, "screen")
        self._theme_timer = QTimer(self)
        self._theme_timer.timeout.connect(self._apply_theme)
        self._theme_timer.start(20_000)
        self._panel_idle = QTimer(self)
        self._panel_idle.setSingleShot(True)
        self._panel_idle.setInterval(panel_idle)
        self._panel_idle.timeout.connect(self.close_panel)
        self.setWindowTitle("Kiosk")
        if windowed:
            room = self.screen().availableSize() - FRAME
            self.resize(BASE.boundedTo(room))
        else:
            # A kiosk often has no window manager, and then nobody else makes it fill the screen.
            self.setGeometry(self.screen().geometry())
            self.setWindowState(Qt.WindowState.WindowFullScreen)
        self._apply_theme()
        self.start = Start(self, self.worker)

    def serve(
        self,
        prepare: Callable[[], T],
        begin: Callable[[T], object],
        failed: Callable[[], object] = lambda: None,
    ) -> int:
        """Show the window and run until it closes; returns the exit code. See ``Start.run`` for
        what it calls. What ``begin`` raises ends the program and is raised again."""
        failures: list[BaseException] = []
        app = QApplication.instance()
        assert app is not None

        def go_on(prepared: T) -> None:
            try:
                begin(prepared)
            except BaseException as error:
                failures.append(error)
                app.exit(1)

        self.show()
        self.start.run(prepare, go_on, failed)
        code = int(app.exec())
        self.start.forget()
        # Asked to end twice, as by a signal and by the last window: the second must not end
        # whatever loop comes next in this process.
        app.removePostedEvents(app, QEvent.Type.Quit.value)
        if failures:
            self.quit()
            # Out of the list, which its own traceback holds: a circle would keep the window.
            raise failures.pop()
        return code

    def begin(self, site: Site, bridge: Bridge, make_panel: Callable[[Actor], QWidget]) -> None:
        """Show the kiosk's page. ``make_panel`` is called when the panel is first opened, and when
        somebody else signed in; where the panel has the signals ``closed``, ``quit_requested`` and
        ``drill_requested``, they are obeyed."""
        from kiosk.ui.kiosk.page import KioskPage
        from kiosk.ui.kiosk.sounds import Sounds

        self._site, self._bridge, self._make_panel = site, bridge, make_panel
        self._apply_theme()
        self._sounds = Sounds()
        self._page = KioskPage(site, bridge, self.worker, play=self._sounds.play)
        appearance().changed.connect(self._on_theme)
        self._page.admitted.connect(self.open_panel)
        self._page.enrolling.connect(self._enrol)
        if site.demo:
            note = in_force().demo_note
            self.setWindowTitle(f"Kiosk · {note}")
            self._demo_note = DemoNote(note, self)
            self.currentChanged.connect(lambda _: self._place_note())
            self._place_note()
        self.addWidget(self._page)
        self.setCurrentWidget(self._page)
        self.start.over()
        QTimer.singleShot(WARM_UP, self, self._warm_up)

    @property
    def page(self) -> KioskPage:
        """The kiosk's page, once it was begun."""
        assert self._page is not None
        return self._page

    def pictures(self) -> tuple[int, bool]:
        """How many of the camera's pictures were painted, and whether one should be seen now."""
        if self._page is None:
            return 0, False
        camera, covered = self._page.camera, self._page.hours.isVisible()
        return camera.painted, camera.isVisible() and not covered

    @property
    def panel(self) -> QWidget | None:
        """The admin panel, once it was opened."""
        return self._panel

    def open_panel(self, actor: Actor, code: str = "") -> None:
        """Show the admin panel to whoever signed in; nobody is looked at meanwhile. ``code`` is a
        new recovery code, shown this once."""
        self.page.suspend(True)
        wanted = (actor, actor.departments, actor.person_id)
        if wanted != self._panel_for:
            # Nothing of what somebody else had open is there.
            self._drop_panel()
            self._panel_for = wanted
        self._actor = actor
        if self._panel is None:
            self._panel = self._make_panel(actor)
            self.addWidget(self._panel)
            for name, slot in (
                ("closed", self._leave_panel),
                ("quit_requested", self.quit),
                ("drill_requested", self.begin_drill),
            ):
                signal = getattr(self._panel, name, None)
                if signal is not None:
                    signal.connect(slot)
        self.setCurrentWidget(self._panel)
        self._panel.setFocus()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._panel_idle.start()
        show_code = getattr(self._panel, "show_recovery_code", None)
        if code and show_code is not None:
            show_code(code)

    def _enrol(self) -> None:
        """The panel was opened to enrol somebody."""
        enrol = getattr(self._panel, "enrol", None)
        if enrol is not None:
            enrol()

    def begin_drill(self, order: Order) -> None:
        """From the panel to a drill at the kiosk's page, and back once it is over."""
        from kiosk.ui.kiosk.drill_guide import DrillGuide
        from kiosk.ui.kiosk.drill_run import DrillRun

        assert self._site is not None
        assert self._bridge is not None
        page = self.page
        self.setCurrentWidget(page)
        page.suspend(False)
        run = DrillRun(
            order.session, order.plan, self._site, self._bridge, self.worker, parent=page
        )
        page.rehearse(True)
        self._drill = DrillGuide(run, page)
        run.trying.connect(self._try)
        run.over.connect(self._end_drill)
        run.failed.connect(self._end_drill)
        self._drill.show()
        self._drill.setFocus()
        self._panel_idle.start()

    def _try(self) -> None:
        self.page.rehearse(True)
        self._panel_idle.start()  # whoever holds up a photo touches nothing

    def _end_drill(self, result: object) -> None:
        if self._forget_drill():
            self.open_panel(self._actor)
            tell = getattr(self._panel, "tell_drill", None)
            if tell is not None:
                tell(result)

    def _forget_drill(self) -> bool:
        """Take the guide away; whether there was one."""
        drill, self._drill = self._drill, None
        if drill is None:
            return False
        drill.run.release()
        drill.hide()
        drill.deleteLater()
        drill.run.deleteLater()
        self.page.rehearse(False)
        return True

    def close_panel(self, *, by_hand: bool = False) -> None:
        """Back to the kiosk's page, ``by_hand`` where somebody stands there who touched it."""
        self._forget_drill()
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        self._panel_idle.stop()
        # What the panel left open must not stand over the page.
        modal = QApplication.activeModalWidget()
        if modal is not None and modal is not self:
            modal.close()
        self.setCurrentWidget(self.page)
        self._apply_theme()
        self.page.suspend(False)
        self.page.step_back(by_hand=by_hand)

    def _drop_panel(self) -> None:
        if self._panel is not None:
            self.removeWidget(self._panel)
            self._panel.close()
            self._panel.deleteLater()
            self._panel = None

    def _leave_panel(self) -> None:
        self.close_panel(by_hand=True)

    def quit(self) -> None:
        """End the program, as the panel asks."""
        self._may_close = True
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._panel_idle.start()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape reaches the window only where nothing inside it wanted it: it leaves nothing."""
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and not self._windowed:
            left = not self.windowState() & Qt.WindowState.WindowFullScreen
            if (left or self.isMinimized()) and not self._may_close:
                QTimer.singleShot(0, self, self.showFullScreen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_theme()
        self._place_note()

    def _place_note(self) -> None:
        if self._demo_note is not None:
            self._demo_note.place(self.width(), self.height())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            event.ignore()
            if self._page is not None and self.currentWidget() is self._page:
                self._page.ask_admin()
            elif self.start.page is not None:
                self.start.page.tell_how_to_close()
            return
        event.accept()
        self._drop_panel()
        self.worker.close()
        if self._sounds is not None:
            self._sounds.close()

    def _warm_up(self) -> None:
        if self._site is None or self._sounds is None or not self.isVisible():
            return
        if self._site.settings().sound:
            self._sounds.warm_up()
        # Whoever opens the panel then waits for its parts only, not for their imports.
        self.worker.submit(_load_panel, lambda _: None, owner=self)

    def _apply_theme(self) -> None:
        """The theme that the settings and the hour ask for, at the window's size."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        choice = "auto" if self._site is None else self._site.settings().theme
        wanted = min(self.width() / BASE.width(), self.height() / BASE.height())
        scale = round(min(max(wanted, 1.0), 4.0) * 20) / 20
        apply_theme(app, is_dark(choice, self._wall_clock()), scale)

    def _on_theme(self) -> None:
        self.page.set_palette(current_theme().palette)


def _load_panel() -> None:
    """For the worker. No collection meanwhile: what this thread would collect may be a widget,
    which only the screen's thread may end."""
    gc.disable()
    try:
        importlib.import_module("kiosk.ui.admin.pages").load_pages()
        importlib.import_module("kiosk.ui.admin.panel")
    finally:
        gc.enable()
