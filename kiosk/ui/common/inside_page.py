"""Who is in, on paper: a list to call out at an assembly point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QTextDocument

from kiosk.domain.hours.inside import Inside, Present
from kiosk.domain.language import _, counted, marked
from kiosk.ui.common.paper import a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 96
"""An inch: what sizes in HTML mean."""

GROUPS = {
    Inside.SURELY: marked("Surely in"),
    Inside.PERHAPS: marked("Perhaps in: on a break, there for long, or asked and not answered"),
    Inside.UNKNOWN: marked("Unknown: never clocked out"),
}


def inside_pdf(present: Sequence[Present], now: datetime) -> bytes:
    """The list as PDF, A4; ``now`` is local."""
    with a4(_("Who is in"), 18, _DOTS) as (writer, buffer):
        document = QTextDocument()
        document.setDefaultFont(QFont(FAMILY, 11))
        document.setDefaultStyleSheet("h1 { font-size: 20pt; } h2 { font-size: 13pt; }")
        document.setHtml(html(present, now))
        document.setPageSize(QSizeF(writer.width(), writer.height()))
        document.print_(writer)
    return bytes(buffer.data().data())


def html(present: Sequence[Present], now: datetime) -> str:
    """The list in the HTML that Qt understands: a box to tick, the name, the group, since when."""
    parts = []
    for inside, title in GROUPS.items():
        of_it = [one for one in present if one.inside is inside]
        parts.append(f"<h2>{escape(_(title))}: {len(of_it):,}</h2>")
        if of_it:
            rows = "".join(map(_row, of_it))
            parts.append(f'<table width="100%" cellspacing="0" cellpadding="4">{rows}</table>')
    people = counted("{count} person", "{count} people", len(present))
    when = f"{now:%Y-%m-%d %H:%M}"
    head = _("{people}, as the kiosk knew it at {time}").format(people=people, time=when)
    return f"<h1>{escape(_('Who is in'))}</h1><p>{escape(head)}</p>{''.join(parts)}"


def _row(one: Present) -> str:
    since = f"{one.event.local:%Y-%m-%d %H:%M}"
    cells = (("5%", "☐"), ("45%", one.event.person_name), ("25%", one.group), ("25%", since))
    made = (f'<td width="{width}">{escape(text)}</td>' for width, text in cells)
    return f"<tr>{''.join(made)}</tr>"
