"""The notice for the door, on one page of paper."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSizeF, QUrl
from PySide6.QtGui import QFont, QPagedPaintDevice, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from kiosk.domain.language import _
from kiosk.services.privacy.notice import BLANK, Notice
from kiosk.ui.common.code import code_image
from kiosk.ui.common.paper import a4, default_printer, printed_a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 96
"""An inch: what sizes in HTML mean."""
_SIZES = {"h1": 27, "h2": 12.5, "p": 11}
"""In points, where they leave room for all on one page."""
_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
"""Tried one after the other until it is one page."""
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
    """As large as fits on one page, or else as small as can still be read."""
    for scale in _SCALES:
        document = _document(notice, scale)
        document.setPageSize(QSizeF(page.width(), page.height()))
        if document.pageCount() == 1:
            break
    document.print_(page)


def _document(notice: Notice, scale: float) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(QFont(FAMILY, 11))
    style = (f"{part} {{ font-size: {size * scale:.1f}pt; }}" for part, size in _SIZES.items())
    document.setDefaultStyleSheet(" ".join(style))
    kind = QTextDocument.ResourceType.ImageResource.value
    document.addResource(kind, QUrl(_CODE), code_image(notice.code, "l"))
    document.setHtml(html(notice))
    return document


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
