"""All that is kept of one person, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from PySide6.QtCore import QByteArray, QSizeF, QUrl
from PySide6.QtGui import QFont, QImage, QTextDocument

from kiosk.domain.language import _, counted
from kiosk.services.privacy.own_data import NOT_HERE, TITLE, OwnData, Section, Value, shown, told
from kiosk.ui.common.paper import a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 96
"""An inch: what sizes in HTML mean."""
_STYLE = """
h1 { font-size: 19pt; }
h2 { font-size: 12pt; }
th { background-color: #eef0f3; font-weight: 600; }
td, th { font-size: 7.5pt; }
.note { color: #444444; font-size: 8.5pt; }
"""
_LINES = 'width="100%" cellspacing="0" cellpadding="2"'
"""No lines around the cells: with them Qt takes four times as long."""
_ONE, _BELOW = "card", "text"
"""The section of one row; and a column whose values have paragraphs: it stands below its row."""
_AT_ONCE = 50
"""Rows of one table: Qt lays out long ones in the square of the time."""


def own_data_pdf(data: OwnData) -> bytes:
    """All of it as PDF, A4; some 5 s for 4,000 rows. Any thread."""
    with a4(_(TITLE).format(name=data.person.name), 14, _DOTS) as (writer, buffer):
        document = QTextDocument()
        document.setDefaultFont(QFont(FAMILY, 9))
        document.setDefaultStyleSheet(_STYLE)
        for number, picture in data.pictures.items():
            image = QImage.fromData(QByteArray(picture))
            document.addResource(
                QTextDocument.ResourceType.ImageResource.value, QUrl(f"photo:{number}"), image
            )
        document.setHtml(html(data))
        document.setPageSize(QSizeF(writer.width(), writer.height()))
        document.print_(writer)
    return bytes(buffer.data().data())


def html(data: OwnData) -> str:
    """All of it in the HTML that Qt understands."""
    title = escape(_(TITLE).format(name=data.person.name))
    when = _("Written on {time}.").format(time=told(data.at))
    nothing = [section.title for section in data.sections if not section.rows]
    missing = _("Nothing is kept of: {kinds}.").format(kinds="; ".join(nothing)) if nothing else ""
    parts = "".join(map(_section, shown(data.sections)))
    pictures = "".join(f'<img src="photo:{number}" height="112"> ' for number in data.pictures)
    return (
        f"<h1>{title}</h1><p>{escape(when)}</p>{parts}<p>{pictures}</p>"
        f'<p class="note">{escape(missing)}</p><p class="note">{escape(_(NOT_HERE))}</p>'
    )


def _section(section: Section) -> str:
    title = section.title
    if section.key == _ONE:
        tables = _pairs(section)
    else:
        title += ": " + counted("{count} row", "{count} rows", len(section.rows))
        tables = "".join(
            _table(section, section.rows[start : start + _AT_ONCE])
            for start in range(0, len(section.rows), _AT_ONCE)
        )
    note = f'<p class="note">{escape(section.note)}</p>' if section.note else ""
    return f"<h2>{escape(title)}</h2>{note}{tables}"


def _pairs(section: Section) -> str:
    """A section of one row, its columns below each other."""
    (values,) = section.rows
    rows = (
        f'<tr><td width="30%">{escape(title)}</td><td>{escape(told(value))}</td></tr>'
        for (_key, title), value in zip(section.columns, values, strict=True)
    )
    return f"<table {_LINES}>{''.join(rows)}</table>"


def _table(section: Section, rows: Sequence[tuple[Value, ...]]) -> str:
    titles = [title for key, title in section.columns if key != _BELOW]
    heads = "".join(f'<th align="left">{escape(title)}</th>' for title in titles)
    made = "".join(_row(section, row) for row in rows)
    return f"<table {_LINES}><thead><tr>{heads}</tr></thead>{made}</table>"


def _row(section: Section, row: tuple[Value, ...]) -> str:
    cells, below = "", ""
    for (key, _title), value in zip(section.columns, row, strict=True):
        words = escape(told(value)).replace("\n", "<br>")
        if key == _BELOW:
            below += f'<tr><td colspan="{len(section.columns) - 1}">{words}</td></tr>'
        else:
            cells += (
                f"<td>{words.replace(' ', '&nbsp;') if isinstance(value, date) else words}</td>"
            )
    return f"<tr>{cells}</tr>{below}"
