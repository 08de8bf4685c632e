"""When the screen's keyboard is shown, and that the field typed into stays in sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from kiosk.ui.admin.widgets.keyboard import Keyboard, takes_text


class TouchTyping(QObject):
    """Shows the ``keyboard`` for the fields of ``panel``: ``choice`` gives ``auto`` (for fields
    entered by a finger), ``always`` or ``never``; ``scale`` the panel's."""

    def __init__(
        self,
        panel: QWidget,
        keyboard: Keyboard,
        choice: Callable[[], str],
        scale: Callable[[], float],
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._keyboard = keyboard
        self.choice = choice
        self.scale = scale
        self._watching = False

    def watch(self, on: bool) -> None:
        """Look at touches while the panel is shown."""
        app = QApplication.instance()
        if on is self._watching or not isinstance(app, QApplication):
            return
        self._watching = on
        if on:
            app.installEventFilter(self)
            app.focusChanged.connect(self._moved)
        else:
            app.removeEventFilter(self)
            app.focusChanged.disconnect(self._moved)
            self._keyboard.hide()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        # On release: what is under the finger must not move before.
        if (
            event.type() is QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and isinstance(watched, QWidget)
            and _by_finger(event)
        ):
            self._touched(watched)
        return False

    def _touched(self, watched: QWidget) -> None:
        field = QApplication.focusWidget()
        if field is None or not self._typed_into(field):
            return
        if (watched is field or field.isAncestorOf(watched)) and self.choice() != "never":
            self._show(field)

    def _moved(self, _old: QWidget | None, field: QWidget | None) -> None:
        if field is None:
            return
        if not self._typed_into(field):
            self._keyboard.hide()
        elif self.choice() == "always" or not self._keyboard.isHidden():
            self._show(field)

    def _typed_into(self, field: QWidget) -> bool:
        return takes_text(field) and self._panel.isAncestorOf(field)

    def _show(self, field: QWidget) -> None:
        self._keyboard.open_for(field, self.scale())
        # Once the panel has made room for the keys.
        QTimer.singleShot(0, field, lambda: _bring_into_sight(field))


def _by_finger(event: QMouseEvent) -> bool:
    device = event.pointingDevice()
    return (
        device.type() is QInputDevice.DeviceType.TouchScreen
        or device.pointerType() is QPointingDevice.PointerType.Finger
    )


def _bring_into_sight(field: QWidget) -> None:
    parent = field.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(field, 0, field.height())
        parent = parent.parentWidget()
