"""The one window: the kiosk's page, and behind a PIN the admin panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTime, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from kiosk.services.site import Site
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.theme import apply_theme, current_theme, is_dark
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.sounds import Sounds

PANEL_IDLE = 5 * 60_000
"""Milliseconds without a touch or a key after which the panel gives way to the kiosk."""
BASE = QSize(1280, 800)
WARM_UP = 3_000
"""Milliseconds after the start at which the audio system is loaded, so that the first picture
and the first decision come before it."""

_TOUCHES = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)


class MainWindow(QStackedWidget):
    """Full screen unless ``windowed``; then nothing but the panel's own Quit, behind the PIN,
    ends it. ``make_panel`` is called when the panel is first opened; where the panel has the
    signals ``closed`` and ``quit_requested``, they are obeyed. ``worker`` may be shared with it.
    """

    def __init__(
        self,
        site: Site,
        bridge: Bridge,
        make_panel: Callable[[], QWidget],
        windowed: bool = False,
        *,
        panel_idle: int = PANEL_IDLE,
        wall_clock: Callable[[], QTime] = QTime.currentTime,
    ) -> None:
        super().__init__()
        self._site = site
        self._make_panel = make_panel
        self._windowed = windowed
        self._wall_clock = wall_clock
        self._may_close = windowed
        self._panel: QWidget | None = None
        self.worker = Worker(self, "screen")
        self._sounds = Sounds()
        self._apply_theme(first=True)
        self.page = KioskPage(site, bridge, self.worker, play=self._sounds.play)
        self.addWidget(self.page)
        self.page.admitted.connect(self.open_panel)
        self._theme_timer = QTimer(self)
        self._theme_timer.timeout.connect(self._apply_theme)
        self._theme_timer.start(20_000)
        self._panel_idle = QTimer(self)
        self._panel_idle.setSingleShot(True)
        self._panel_idle.setInterval(panel_idle)
        self._panel_idle.timeout.connect(self.close_panel)
        self.setWindowTitle("Kiosk")
        if windowed:
            self.resize(BASE)
        else:
            # A kiosk often has no window manager, and then nobody else makes it fill the screen.
            self.setGeometry(self.screen().geometry())
            self.setWindowState(Qt.WindowState.WindowFullScreen)

    @property
    def panel(self) -> QWidget | None:
        """The admin panel, once it was opened."""
        return self._panel

    def open_panel(self) -> None:
        """Show the admin panel; nobody is looked at meanwhile. The PIN was asked for before."""
        self.page.suspend(True)
        if self._panel is None:
            self._panel = self._make_panel()
            self.addWidget(self._panel)
            for name, slot in (("closed", self.close_panel), ("quit_requested", self.quit)):
                signal = getattr(self._panel, name, None)
                if signal is not None:
                    signal.connect(slot)
        self.setCurrentWidget(self._panel)
        self._panel.setFocus()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._panel_idle.start()

    def close_panel(self) -> None:
        """Back to the kiosk's page."""
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(WARM_UP, self, self._warm_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_theme()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            event.ignore()
            if self.currentWidget() is self.page:
                self.page.ask_admin()
            return
        event.accept()
        if self._panel is not None:
            self.removeWidget(self._panel)
            self._panel.close()
            self._panel.deleteLater()
            self._panel = None
        self.worker.close()
        self._sounds.close()

    def _warm_up(self) -> None:
        if self.isVisible() and self._site.settings().sound:
            self._sounds.warm_up()

    def _apply_theme(self, *, first: bool = False) -> None:
        """The theme that the settings and the hour ask for, at the window's size."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        dark = is_dark(self._site.settings().theme, self._wall_clock())
        wanted = min(self.width() / BASE.width(), self.height() / BASE.height())
        scale = round(min(max(wanted, 1.0), 4.0) * 20) / 20
        theme = current_theme()
        if first or theme.dark != dark or theme.scale != scale:
            palette = apply_theme(app, dark, scale).palette
            if not first:
                self.page.set_palette(palette)
