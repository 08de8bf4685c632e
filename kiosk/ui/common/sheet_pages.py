"""A person's hours on a page of paper, to be signed by both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPdfWriter, QPen

from kiosk.domain.clock import local_time
from kiosk.domain.hours import Span
from kiosk.domain.hours.durations import hm, hms, signed
from kiosk.domain.hours.periods import PeriodLine
from kiosk.domain.hours.words import notes, rounding_words
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.services.attendance.sheets import BASES, Figures, PersonSheet, SheetDay
from kiosk.services.attendance.tables import WEEKDAYS
from kiosk.ui.common.code import draw_code
from kiosk.ui.common.paper import a4
from kiosk.ui.common.theme import FAMILY

_DOTS = 600
_MARGIN = 14.0
_WIDTH, _HEIGHT = 210 - 2 * _MARGIN, 297 - 2 * _MARGIN
"""All lengths here are in mm."""
_COLUMNS: Final = (29.0, 46.0, 15.5, 19.0, 19.0, 53.5)
_GAP = 1.6
_FOOT = 9.0
_CODE, _CODE_AT = 15.0, 101.0
"""33 squares of 0.45 mm: a telephone reads it, printed at 300 dots an inch."""
_LINE = 5.5
"""The least height of a row."""
_SCALES: Final = (1.0, 0.95, 0.9, 0.85)
"""What is tried so that a person's days stay on one page."""
_MOST_SPANS, _MOST_LETTERS, _LONG_WORD = 24, 480, 24
"""What a row has room for; the rest stands in the full record."""

_INK, _MUTED, _FAINT = "#15181d", "#5b6470", "#c9ced6"
_TINT, _HEAD, _WARN = "#f4f5f8", "#e9ecf1", "#9a3412"


class _Style(Enum):
    """Size in points, whether bold, colour."""

    NAME = (19.0, True, _INK)
    PERIOD = (13.0, True, _INK)
    SUM = (12.0, True, _INK)
    BODY = (8.2, False, _INK)
    BOLD = (8.2, True, _INK)
    HEAD = (7.2, True, _MUTED)
    FAINT = (8.2, False, "#8b93a0")
    SMALL = (7.4, False, _MUTED)
    WARN = (7.8, True, _WARN)
    FOOT = (6.6, False, _MUTED)


def sheets_pdf(
    sheets: Sequence[PersonSheet],
    watch: Callable[[int, int], object] = lambda done, total: None,
    told: str = "",
) -> bytes:
    """The sheets as PDF, each on a page of its own, or on more where its days don't fit. Any
    thread. ``watch`` is told how many are done of how many; ``told`` is the record's newest entry,
    for the code by which the record can be checked later."""
    with a4(_("Hours"), _MARGIN, _DOTS) as (writer, buffer):
        painter = QPainter(writer)
        try:
            paper = _Paper(writer, painter)
            for number, sheet in enumerate(sheets):
                if number:
                    writer.newPage()
                _Form(paper, sheet, told).write(writer)
                watch(number + 1, len(sheets))
            if not sheets:
                paper.text(0, 0, _WIDTH, _("Nothing was recorded in these days."), _Style.PERIOD)
        finally:  # where it is cancelled too: a painter must not outlive what it paints on
            painter.end()
    return bytes(buffer.data().data())


class _Paper:
    """Draws texts and lines at places in mm; while ``dry`` it only measures."""

    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self._writer = writer
        self._painter = painter
        self._dot = _DOTS / 25.4
        self._fonts: dict[tuple[_Style, float], tuple[QFont, QFontMetricsF]] = {}
        self.scale = 1.0
        self.dry = False

    def text(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        style: _Style,
        *,
        right: bool = False,
        size: float = 0,
    ) -> float:
        """A text in a column; how high it is."""
        font, metrics = self._font(style, size)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = (side | Qt.AlignmentFlag.AlignTop).value | Qt.TextFlag.TextWordWrap.value
        room = QRectF(x * self._dot, y * self._dot, width * self._dot, 1e7)
        if metrics.horizontalAdvance(text) <= room.width() and "\n" not in text:
            height = metrics.height()
        else:
            height = metrics.boundingRect(room, flags, text).height()
        if not self.dry and text:
            self._painter.setFont(font)
            self._painter.setPen(QColor(style.value[2]))
            room.setHeight(height)
            self._painter.drawText(room, flags, text)
        return height / self._dot

    def fitted(self, width: float, text: str, style: _Style, least: float) -> float:
        """The largest size in points, down to ``least``, at which a text stands in one line."""
        size = style.value[0]
        while size > least and self._font(style, size)[1].horizontalAdvance(text) > (
            width * self._dot
        ):
            size -= 0.5
        return size

    def code(self, x: float, y: float, size: float, text: str) -> None:
        """A QR code of a text."""
        if self.dry:
            return
        room = QRectF(x * self._dot, y * self._dot, size * self._dot, size * self._dot)
        draw_code(self._painter, room, text, _INK, "m")

    def line(self, y: float, x: float = 0, width: float = _WIDTH, colour: str = _FAINT) -> None:
        if not self.dry:
            self._painter.setPen(QPen(QColor(colour), 0.15 * self._dot))
            here = round(y * self._dot)
            self._painter.drawLine(round(x * self._dot), here, round((x + width) * self._dot), here)

    def fill(self, y: float, height: float, colour: str) -> None:
        if not self.dry:
            room = QRectF(0, y * self._dot, _WIDTH * self._dot, height * self._dot)
            self._painter.fillRect(room, QColor(colour))

    def _font(self, style: _Style, size: float) -> tuple[QFont, QFontMetricsF]:
        points = size or style.value[0]
        if style not in (_Style.NAME, _Style.PERIOD, _Style.FOOT):
            points *= self.scale
        key = (style, points)
        if key not in self._fonts:
            font = QFont(FAMILY)
            font.setPointSizeF(points)
            font.setWeight(QFont.Weight.DemiBold if style.value[1] else QFont.Weight.Normal)
            # Forms that a letter has no other name for would be lost to whoever copies the text.
            font.setFeature(QFont.Tag("calt"), 0)
            self._fonts[key] = font, QFontMetricsF(font, self._writer)
        return self._fonts[key]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table: its cells, with the style of each, and what lies behind it; ``whole``
    where the first has all the width."""

    cells: tuple[str, str, str, str, str, str]
    styles: tuple[_Style, ...] = (_Style.BODY,) * 5 + (_Style.SMALL,)
    tint: str = ""
    ruled: bool = True
    whole: bool = False


class _Form:
    """One sheet on its pages."""

    def __init__(self, paper: _Paper, sheet: PersonSheet, told: str) -> None:
        self._paper = paper
        self._sheet = sheet
        self._told_head = told
        self._lines = _lines(sheet)

    def write(self, writer: QPdfWriter) -> None:
        pages = self._fitted()
        for number, lines in enumerate(pages):
            if number:
                writer.newPage()
            self._paper.dry = False
            y = self._head()
            for line in lines:
                y += self._row(line, y)
            if number == len(pages) - 1:
                self._closing(y)
            self._foot(number + 1, len(pages))

    def _fitted(self) -> list[list[_Line]]:
        """The rows by page, as large as still fits on one, or else as large as can be."""
        for scale in _SCALES:
            self._paper.scale = scale
            if len(pages := self._by_page()) == 1:
                return pages
        self._paper.scale = _SCALES[0]
        return self._by_page()

    def _by_page(self) -> list[list[_Line]]:
        self._paper.dry = True
        pages: list[list[_Line]] = [[]]
        y = top = self._head()
        bottom = _HEIGHT - _FOOT
        for line in self._lines:
            height = self._row(line, y)
            if y + height > bottom and pages[-1]:
                pages.append([])
                y = top
            pages[-1].append(line)
            y += height
        if self._closing(y) > bottom:
            pages.append([])
        return pages

    def _head(self) -> float:
        """Whose sheet of which days it is, and the headings of the table."""
        paper, sheet = self._paper, self._sheet
        name = _broken(sheet.name)
        width = 98.0 if self._told_head else 118.0
        size = paper.fitted(width, name, _Style.NAME, 11)
        high = paper.text(0, 0, width, name, _Style.NAME, size=size)
        about = [sheet.staff_number and _("No. {number}").format(number=sheet.staff_number)]
        about.append(sheet.group)
        told = "  ·  ".join(part for part in about if part)
        high += paper.text(0, high + 0.6, width, told, _Style.SMALL) + 0.6
        right = paper.text(118, 1.4, 64, _span(sheet), _Style.PERIOD, right=True)
        right += paper.text(118, right + 2, 64, _("Hours worked"), _Style.SMALL, right=True) + 2
        right += self._head_code(right + 0.6) + 0.6 if self._told_head else 0
        y = max(high, right, _CODE if self._told_head else 13.5) + 3
        paper.fill(y, 6.2, _HEAD)
        names = (_("Day"), _("Times"), _("Break"), _("Exact"), _("Counted"), _("Notes"))
        for (x, width), name, place in zip(_places(), names, range(6), strict=True):
            paper.text(x, y + 1.35, width, name, _Style.HEAD, right=place in (2, 3, 4))
        return y + 6.2

    def _head_code(self, y: float) -> float:
        """The record's newest entry as a code beside the name, and what it is; how high the words
        are."""
        self._paper.code(_CODE_AT, 0, _CODE, self._told_head.upper())
        number = self._told_head.split()[-1].split(":")[0]
        text = _("Code: the record up to no. {number}").format(number=number)
        return self._paper.text(118, y, 64, text, _Style.FOOT, right=True)

    def _row(self, line: _Line, y: float) -> float:
        paper = self._paper
        places = ((_GAP, _WIDTH), *_places()[1:]) if line.whole else _places()
        dry, paper.dry = paper.dry, True
        highs = [
            paper.text(0, 0, width, text, style)
            for (_x, width), text, style in zip(places, line.cells, line.styles, strict=True)
        ]
        paper.dry = dry
        least = _LINE * paper.scale
        height = max(max(highs) + 1.2, least)
        if line.tint:
            paper.fill(y, height, line.tint)
        for place, ((x, width), high) in enumerate(zip(places, highs, strict=True)):
            # What is one line high stands in the middle of the least height, whatever its size.
            down = max(0.6, (least - high) / 2)
            style = line.styles[place]
            paper.text(x, y + down, width, line.cells[place], style, right=place in (2, 3, 4))
        if line.ruled:
            paper.line(y + height)
        return height

    def _closing(self, y: float) -> float:
        """What it comes to, what it rests on, who gains, and where both sides sign."""
        paper, sheet, totals = self._paper, self._sheet, self._sheet.totals
        y += 4 * paper.scale
        y += paper.text(0, y, _WIDTH, _sum(sheet), _Style.SUM) + 1.6
        rests = "   ".join(
            f"{_(BASES[basis])} {hm(time)}" for basis, time in totals.by_basis.items() if time
        )
        half = 88.0
        left = self._told(0, y, half, _("Rests on"), [rests or "0:00", *_marks(sheet)])
        if sheet.unsettled:
            left += paper.text(0, left + 1, half, _open(sheet), _Style.WARN) + 1
        right = self._told(
            94,
            y,
            half,
            _("Rounding"),
            [rounding_words(sheet.rules), _equation(totals), _isolated_proof(sheet)],
        )
        return self._signatures(max(left, right))

    def _told(self, x: float, y: float, width: float, title: str, texts: Sequence[str]) -> float:
        y += self._paper.text(x, y, width, title, _Style.HEAD) + 0.5
        for text in texts:
            y += self._paper.text(x, y, width, text, _Style.SMALL) + 0.5
        return y

    def _signatures(self, y: float) -> float:
        """Room for two, at the foot of the page."""
        paper = self._paper
        least = y + 15 * paper.scale
        y = least if paper.dry else max(least, _HEIGHT - _FOOT - 9)
        names = (_broken(isolated(self._sheet.name)), _("for the employer"))
        for x, name in zip((0.0, 94.0), names, strict=True):
            paper.line(y, x, 24, _MUTED)
            paper.line(y, x + 27, 61, _MUTED)
            paper.text(x, y + 0.8, 24, _("date"), _Style.FOOT)
            signed_by = _("signature: {name}").format(name=name)
            paper.text(x + 27, y + 0.8, 61, signed_by, _Style.FOOT)
        return y + 6.5

    def _foot(self, page: int, pages: int) -> None:
        paper, y = self._paper, _HEIGHT - _FOOT + 4
        paper.line(y - 1)
        paper.text(0, y, 150, _state(self._sheet), _Style.FOOT)
        of = _("page {page} of {pages}").format(page=page, pages=pages)
        paper.text(150, y, _WIDTH - 150, of, _Style.FOOT, right=True)


def _places() -> tuple[tuple[float, float], ...]:
    """Where each column begins and how wide its text may be."""
    x, made = 0.0, []
    for width in _COLUMNS:
        made.append((x + _GAP, width - 2 * _GAP))
        x += width
    return tuple(made)


def _span(sheet: PersonSheet) -> str:
    return f"{sheet.since} – {sheet.until}"


def _lines(sheet: PersonSheet) -> list[_Line]:
    """A row a day, the sum, then what is carried on."""
    known = {day.row.day: day for day in sheet.days}
    made = []
    for number in range((sheet.until - sheet.since).days + 1):
        day = sheet.since + timedelta(days=number)
        made.append(_day_line(day, known.get(day), sheet.holidays.get(day, "")))
    totals = sheet.totals
    cells = (
        _("Sum"),
        "",
        hms(totals.rested) if totals.rested else "",
        hms(totals.exact),
        hm(totals.counted),
        "",
    )
    made.append(_Line(cells, (_Style.BOLD,) * 6, _HEAD, ruled=False))
    if sheet.carried:
        title = (_("Carried on from earlier periods"), "", "", "", "", "")
        made.append(_Line(title, (_Style.HEAD,) * 6, ruled=False, whole=True))
        made += [_carried_line(line) for line in sheet.carried]
    return made


def _day_line(day: date, found: SheetDay | None, holiday: str) -> _Line:
    weekday = f"{day}  {_(WEEKDAYS[day.weekday()])}"
    tint = _TINT if day.weekday() >= 5 or holiday else ""
    if found is None or found.empty:
        styles = (_Style.FAINT,) * 5 + (_Style.SMALL,)
        return _Line((weekday, "", "", "", "", holiday), styles, tint)
    figures = found.figures
    told = [*notes(found.row), *_changed(figures)]
    cells = (
        weekday,
        _times(found),
        hms(figures.rested) if figures.rested else "",
        hms(figures.exact) if found.row.spans else "",
        hm(figures.counted) if found.row.spans or figures.counted else "",
        _short("; ".join(told)),
    )
    return _Line(cells, tint=tint)


def _carried_line(line: PeriodLine) -> _Line:
    cells = (f"{line.day}", "", "", "", signed(line.counted), _short(line.why))
    return _Line(cells)


def _changed(figures: Figures) -> tuple[str, ...]:
    if not figures.changed:
        return ()
    text = _("{time} since it was closed, carried on")
    return (text.format(time=signed(figures.changed)),)


def _times(day: SheetDay) -> str:
    """Comings and goings; a star where the kiosk did not see it."""
    spans = [span for span in day.row.spans if span.came or span.went or span.open]
    told = "   ".join(map(_stay, spans[:_MOST_SPANS]))
    more = len(spans) - _MOST_SPANS
    return f"{told}   " + _("and {count} more").format(count=more) if more > 0 else told


def _stay(span: Span) -> str:
    came = f"{span.came.local:%H:%M}{'*' * span.came.by_hand}" if span.came else "?"
    if span.went is not None:
        went = f"{span.went.local:%H:%M}{'*' * span.went.by_hand}"
    else:
        went = f"{span.assumed:%H:%M}*" if span.assumed else "?"
    return f"{came}–{went}"


def _short(text: str) -> str:
    if len(text) > _MOST_LETTERS:
        text = f"{text[: _MOST_LETTERS - 1]}…"
    return _broken(text)


def _broken(text: str) -> str:
    """With places at which a line may end in words that no column has room for."""
    return " ".join(
        "\u200b".join(word[at : at + _LONG_WORD] for at in range(0, len(word), _LONG_WORD))
        for word in text.split(" ")
    )


def _sum(sheet: PersonSheet) -> str:
    if not sheet.carried:
        return sheet.summary
    return _("{summary}; {carried} h carried on: {payable} h").format(
        summary=sheet.summary, carried=signed(sheet.carried_total), payable=hm(sheet.payable)
    )


def _equation(totals: Figures) -> str:
    parts = (
        (_("paid breaks"), totals.paid),
        (_("missing breaks"), -totals.deducted),
        (_("rounding"), totals.gain),
        (_("changed since it was closed"), -totals.changed),
    )
    steps = [f"{name} {signed(time)}" for name, time in parts if time]
    exact = _("Exact {time}").format(time=hms(totals.exact))
    made = ", ".join([exact, *steps])
    return _("{sum}: counted {time}.").format(sum=made, time=hm(totals.counted))


def _isolated_proof(sheet: PersonSheet) -> str:
    return replace(sheet, name=_broken(isolated(sheet.name))).proof


def _marks(sheet: PersonSheet) -> tuple[str, ...]:
    told = []
    if sheet.totals.by_hand or any("*" in _times(day) for day in sheet.days):
        told.append(_("* not seen by the kiosk: said, entered, imported or assumed"))
    return tuple(told)


def _open(sheet: PersonSheet) -> str:
    return _("Not settled yet: {what}.").format(what=sheet.unsettled)


def _state(sheet: PersonSheet) -> str:
    """Whether it is closed, and the digest by which that can be told."""
    period = sheet.period
    if period is not None:
        closed = local_time(period.closed_at, None)
        return _("closed on {day} by {name}, SHA-256 {digest}").format(
            day=f"{closed:%Y-%m-%d %H:%M}", name=isolated(period.closed_by), digest=period.digest
        )
    if sheet.partly:
        part = sheet.partly[0]
        return _("not closed yet as one period; {since} to {until} is closed").format(
            since=part.since, until=part.until
        )
    return _("not closed yet")


assert sum(_COLUMNS) == _WIDTH
