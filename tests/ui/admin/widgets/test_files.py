"""Asking for files."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.widgets.files import choose_pictures


def test_every_picture_that_is_read_is_offered_whatever_its_case(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    dialog = choose_pictures(parent, "Choose pictures", lambda _: None)
    offered, everything = dialog.nameFilters()
    dialog.reject()

    for ending in ("*.heic", "*.HEIC", "*.jpg", "*.JPG", "*.avif", "*.mpo"):
        assert ending in offered.replace("(", " ").replace(")", " ").split()
    assert "(*)" in everything
    assert dialog.testOption(QFileDialog.Option.HideNameFilterDetails)
