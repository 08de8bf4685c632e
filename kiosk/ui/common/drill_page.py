"""A drill on one page of paper, by Qt's own printing."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QTextDocument

from kiosk.domain.clock import local_time
from kiosk.domain.language import _
from kiosk.domain.liveness.drill import Drill, Verdict
from kiosk.domain.liveness.drill_words import conditions, headings, notes, rows
from kiosk.ui.common.paper import a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 96
"""An inch: what sizes in HTML mean."""
_COLOURS = {Verdict.PASSED: "#1a7f37", Verdict.FAILED: "#b42318", Verdict.TOO_FEW: "#7a5b00"}


def drill_pdf(drill: Drill, remark: str = "") -> bytes:
    """The page as PDF, A4. ``remark`` is what it means at the door now."""
    with a4(_("Spoof drill"), 18, _DOTS) as (writer, buffer):
        document = QTextDocument()
        document.setDefaultFont(QFont(FAMILY, 10))
        document.setDefaultStyleSheet(_STYLE)
        document.setHtml(html(drill, remark))
        document.setPageSize(QSizeF(writer.width(), writer.height()))
        document.print_(writer)
    return bytes(buffer.data().data())


def html(drill: Drill, remark: str = "") -> str:
    """The page in the HTML that Qt understands."""
    began = local_time(drill.began, None)
    who = drill.actor.name or drill.actor.kind.value.replace("_", " ")
    about = [
        (_("began"), f"{began:%Y-%m-%d %H:%M}"),
        (_("by"), who),
        *conditions(drill),
        (_("attacks that may be let in"), str(drill.allowed)),
    ]
    broken_off = () if drill.done else (_("It was broken off, or still goes on."),)
    told = "".join(f"<p>{escape(text)}</p>" for text in (*broken_off, remark) if text)
    return f"""
<h1>{escape(_("Spoof drill"))}</h1>
<p style="color: {_COLOURS[drill.verdict]}; font-size: 13pt; font-weight: 600">
{escape(drill.sentence)}</p>{told}
<p></p><table cellspacing="0" cellpadding="4">{"".join(map(_about, about))}</table>
<br>
<table cellspacing="0" cellpadding="5" width="100%" border="1" style="border-collapse: collapse">
{_row(headings(), "th")}{"".join(_row(row, "td") for row in rows(drill))}</table>
<br>{"".join(f'<p class="note">{escape(note)}</p>' for note in notes(drill))}
"""


_STYLE = """
h1 { font-size: 20pt; }
th { background-color: #eef0f3; font-weight: 600; }
.note { color: #444444; font-size: 9pt; }
"""


def _about(pair: tuple[str, str]) -> str:
    name, value = pair
    return f'<tr><td style="color: #555555">{escape(name)}</td><td>{escape(value)}</td></tr>'


def _row(cells: Iterable[str], tag: str) -> str:
    widths = ("14%", *["10%"] * 6, "26%")
    made = (
        f'<{tag} align="left" width="{width}">{escape(cell)}</{tag}>'
        for width, cell in zip(widths, cells, strict=True)
    )
    return f"<tr>{''.join(made)}</tr>"
