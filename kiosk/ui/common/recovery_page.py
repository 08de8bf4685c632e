"""The recovery code on paper, to be locked away."""

from __future__ import annotations

from datetime import date
from html import escape

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QTextDocument

from kiosk.domain.language import _
from kiosk.ui.common.paper import a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 96
"""An inch: what sizes in HTML mean."""


def recovery_pdf(code: str, day: date) -> bytes:
    """A page as PDF, A4."""
    with a4(_("Recovery code of the kiosk"), 25, _DOTS) as (writer, buffer):
        document = QTextDocument()
        document.setDefaultFont(QFont(FAMILY, 12))
        document.setDefaultStyleSheet("h1 { font-size: 20pt; } .code { font-size: 24pt; }")
        document.setHtml(html(code, day))
        document.setPageSize(QSizeF(writer.width(), writer.height()))
        document.print_(writer)
    return bytes(buffer.data().data())


def html(code: str, day: date) -> str:
    """The page in the HTML that Qt understands."""
    use = _(
        "For whoever forgot the administrator's PIN: touch the wheel at the kiosk, then “Forgot "
        "it?”, type this code and choose a new PIN."
    )
    keep = _(
        "It works once, and then the kiosk shows the next one. Whoever finds it opens the panel: "
        "lock it away, and not beside the kiosk."
    )
    head, made = _("Recovery code of the kiosk"), _("Made {day}").format(day=day.isoformat())
    return (
        f'<h1>{escape(head)}</h1><p class="code"><b>{escape(code)}</b></p>'
        f"<p>{escape(use)}</p><p>{escape(keep)}</p>"
        f"<p>{escape(made)}</p>"
    )
