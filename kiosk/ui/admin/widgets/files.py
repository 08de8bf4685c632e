"""Asking for files and folders without stopping the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QGridLayout,
    QListView,
    QTreeView,
    QWidget,
)

from kiosk.domain.language import _
from kiosk.domain.pictures import PICTURE_SUFFIXES
from kiosk.ui.admin.widgets.controls import pushed_by_finger
from kiosk.ui.admin.widgets.keyboard import Keyboard
from kiosk.ui.admin.widgets.touch import TouchTyping

_ROWS = "QTreeView::item, QListView::item { min-height: 44px; }"


def choose_save(
    parent: QWidget,
    title: str,
    name: str,
    chosen: Callable[[Path], object],
    suffix: str = "csv",
) -> QFileDialog:
    """Ask where to write a file; its name ends in ``suffix`` unless another ending is typed."""
    dialog = _dialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{suffix.upper()} (*.{suffix})")
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    return _open(dialog, lambda paths: chosen(paths[0]))


def choose_pictures(
    parent: QWidget, title: str, chosen: Callable[[list[Path]], object]
) -> QFileDialog:
    """Ask for picture files; any file may be chosen, what is none is refused with a reason."""
    dialog = _dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([_pictures(), _("All files (*)")])
    # Two dozen endings would be wider than the dialog.
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    return _open(dialog, chosen)


def choose_folder(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a folder."""
    dialog = _dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, lambda paths: chosen(paths[0]))


def _pictures() -> str:
    """Some desktops tell IMG_0001.HEIC from img_0001.heic."""
    endings = (f"*{suffix} *{suffix.upper()}" for suffix in PICTURE_SUFFIXES)
    return f"{_('Pictures')} ({' '.join(endings)})"


def _dialog(parent: QWidget, title: str) -> QFileDialog:
    """Qt's own dialog in the panel's dress: the system's has rows for a mouse, and lies behind a
    full screen where there is no window manager."""
    places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, title, places[0] if places else "")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    window = parent.window()
    dialog.resize(window.size().boundedTo(dialog.sizeHint() * 2) * 0.9)
    dialog.setStyleSheet(_ROWS)
    for view in dialog.findChildren(QAbstractItemView):
        if isinstance(view, QListView | QTreeView):
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            pushed_by_finger(view)
    keyboard = Keyboard()
    layout = dialog.layout()
    if isinstance(layout, QGridLayout):
        layout.addWidget(keyboard, layout.rowCount(), 0, 1, layout.columnCount())
    of_panel = window.findChild(TouchTyping)
    if of_panel is not None:
        TouchTyping(dialog, keyboard, of_panel.choice, of_panel.scale).watch(True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAccessibleName(title)
    return dialog


def _open(dialog: QFileDialog, chosen: Callable[[list[Path]], object]) -> QFileDialog:
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.open()
    return dialog
