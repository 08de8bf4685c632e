"""Pages of paper as PDF, with or without a window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter

from kiosk.ui.common.theme import load_fonts


@contextmanager
def a4(title: str, margin: float, dots: int) -> Iterator[tuple[QPdfWriter, QBuffer]]:
    """A writer of A4 pages with margins in mm, at so many dots an inch, and where the PDF is once
    it is left. Any thread; a command may call it, too: an application without a screen is made
    where there is none."""
    application = QGuiApplication.instance() or _without_screen()
    load_fonts()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(margin, margin, margin, margin),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setResolution(dots)
    writer.setTitle(title)
    try:
        yield writer, buffer
    finally:
        buffer.close()
        del application


def _without_screen() -> QGuiApplication:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication([])
