"""The notice for the door, on one page of paper."""

from __future__ import annotations

from html import escape

import segno
from PySide6.QtCore import QSizeF, QUrl
from PySide6.QtGui import QFont, QImage, QPagedPaintDevice, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from kiosk.domain.language import _
from kiosk.services.privacy.notice import BLANK, Notice
from kiosk.ui.common.paper import a4, default_printer, printed_a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 96
"""An inch: what sizes in HTML mean."""
_STYLE = "h1 { font-size: 27pt; } h2 { font-size: 12.5pt; } p { font-size: 11pt; }"
_CODE = "code:notice"
_MARGIN = 18
"""Of the page, in mm."""
_SIDE = 150
"""Of the code, in dots of which an inch has 96: 4 cm."""


def notice_pdf(notice: Notice) -> bytes:
    """One page as PDF, A4."""
    with a4(notice.title, _MARGIN, _DOTS) as (writer, buffer):
        _draw(notice, writer)
    return bytes(buffer.data().data())


def print_notice(notice: Notice, printer: QPrinter | None = None) -> str:
    """The same page from a printer, this machine's where none is given; the printer's name. Any
    thread, some seconds.

    Raises:
        EnvironmentFailed: there is none, or it took nothing.
    """
    chosen = printer or default_printer()
    return printed_a4(chosen, notice.title, _MARGIN, _DOTS, lambda page: _draw(notice, page))


def _draw(notice: Notice, page: QPagedPaintDevice) -> None:
    document = QTextDocument()
    document.setDefaultFont(QFont(FAMILY, 11))
    document.setDefaultStyleSheet(_STYLE)
    kind = QTextDocument.ResourceType.ImageResource.value
    document.addResource(kind, QUrl(_CODE), code_image(notice.code))
    document.setHtml(html(notice))
    document.setPageSize(QSizeF(page.width(), page.height()))
    document.print_(page)


def code_image(text: str) -> QImage:
    """A QR code (ISO/IEC 18004), a square of it a square of 8 pixels."""
    rows = tuple(segno.make(text, error="l", micro=False).matrix)
    image = QImage(len(rows), len(rows), QImage.Format.Format_Grayscale8)
    image.fill(255)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                image.setPixel(across, down, 0)
    return image.scaled(8 * len(rows), 8 * len(rows))


def html(notice: Notice) -> str:
    """The notice in the HTML that Qt understands; what is to be written in by hand has lines."""
    parts = "".join(map(_part, notice.parts))
    read = escape(_("To read it on a telephone"))
    code = f'<p><img src="{_CODE}" width="{_SIDE}" height="{_SIDE}"><br>{read}</p>'
    return f"<h1>{escape(notice.title)}</h1>{parts}{code}"


def _part(part: tuple[str, str]) -> str:
    heading, text = part
    words = "_" * 64 if text == BLANK else escape(text).replace("\n", "<br>")
    return f"<h2>{escape(heading)}</h2><p>{words}</p>"
