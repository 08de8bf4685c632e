"""Pages of paper, as PDF (with or without a window) or from the printer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from kiosk.domain.errors import EnvironmentFailed
from kiosk.domain.language import _
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
    writer.setPageLayout(_a4(margin))
    writer.setResolution(dots)
    writer.setTitle(title)
    try:
        yield writer, buffer
    finally:
        buffer.close()
        del application


def default_printer() -> QPrinter:
    """The printer that this machine prints with.

    Raises:
        EnvironmentFailed: there is none.
    """
    found = QPrinterInfo.defaultPrinter()
    if found.isNull():
        raise EnvironmentFailed(
            _(
                "No printer is set up on this machine: save the page as PDF, on a USB stick for "
                "instance, and print it on another."
            )
        )
    return QPrinter(found)


def printed_a4(
    printer: QPrinter, title: str, margin: float, dots: int, draw: Callable[[QPrinter], object]
) -> str:
    """Print A4 pages with margins in mm, at so many dots an inch; the printer's name. Any thread,
    some seconds.

    Raises:
        EnvironmentFailed: the printer took none.
    """
    printer.setPageLayout(_a4(margin))
    printer.setResolution(dots)
    printer.setDocName(title)
    load_fonts()
    draw(printer)
    name = printer.printerName()
    if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        raise EnvironmentFailed(
            _("The printer {name} took nothing: look whether it is on and has paper.").format(
                name=name
            )
        )
    return name


def _a4(margin: float) -> QPageLayout:
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Portrait,
        QMarginsF(margin, margin, margin, margin),
        QPageLayout.Unit.Millimeter,
    )


def _without_screen() -> QGuiApplication:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication([])
