"""What a closed period says: hours a person, and what was carried into it with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication

from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.ui.admin.attendance.list_table import ListTable
from kiosk.ui.admin.attendance.words import author
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.formats import day as day_text
from kiosk.ui.admin.widgets.formats import moment
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.admin.widgets.words import hours

PERSON, COUNTS, BY_HAND, CARRIED = range(4)
LINES = 9
"""People that are seen at once."""


def days_of_period(period: Period) -> str:
    """Its first and its last day."""
    return _("{since} to {until}").format(
        since=day_text(period.since), until=day_text(period.until)
    )


def signed(time: timedelta, *, plus: bool = False) -> str:
    """Hours and minutes, with the sign where it is less than none, or with ``plus`` always."""
    sign = "−" if time < timedelta() else "+" if plus else ""
    return sign + hours(abs(time).total_seconds())


def carried_text(line: PeriodLine) -> str:
    """Whose day differs, by how much, and why."""
    return _("{name}, {day}: {hours}. {why}").format(
        name=isolated(line.name),
        day=day_text(line.day),
        hours=signed(line.counted, plus=True),
        why=line.why,
    )


class PeriodSheet(Sheet):
    """Without a period: what has changed since, and waits to be carried into the next."""

    def __init__(self, period: Period | None, lines: Sequence[PeriodLine]) -> None:
        title = days_of_period(period) if period else _("To be carried into the next period")
        super().__init__(title, width=66)
        carried = [line for line in lines if line.carried]
        if period is not None:
            by = _("Closed {moment} by {who}.").format(
                moment=moment(period.closed_at), who=author(period.closed_by)
            )
            self.body.addWidget(label(by, "muted", wrap=True))
            self._add_digest(period.digest)
            self.table = _People(lines)
            self.body.addWidget(self.table)
        if carried or period is None:
            self.body.addWidget(label(_("Carried from earlier periods"), "heading"))
        for line in carried:
            self.body.addWidget(label(carried_text(line), wrap=True))
        self.buttons.addWidget(Button(_("Close"), self.dismiss))

    def _add_digest(self, digest: str) -> None:
        text = _("Digest (SHA-256) of its lines: {digest}")
        told = label(text.format(digest=digest), "muted", wrap=True)
        clipboard = QGuiApplication.clipboard()
        copy = Button(
            _("Copy the digest"), lambda: clipboard.setText(digest), icon="copy", words=False
        )
        line = row(told, copy, gap=2)
        line.setStretch(0, 1)
        self.body.addLayout(line)


class _People(ListTable):
    def __init__(self, lines: Iterable[PeriodLine]) -> None:
        heads = (_("Person"), _("Hours"), _("Of it by hand"), _("Of it carried on"))
        super().__init__(_("Hours by person"), heads)
        people: dict[int, list[PeriodLine]] = {}
        for line in lines:
            people.setdefault(line.person_id, []).append(line)
        self.show_rows((theirs, _sums(theirs)) for theirs in people.values())
        self.fit({COUNTS: 12, BY_HAND: 15, CARRIED: 17}, PERSON)

    def sizeHint(self) -> QSize:
        rows = min(max(self.model().rowCount(), 1), LINES) + 1
        return QSize(400, round(self.fontMetrics().height() * 2.4 * rows))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _sums(lines: Sequence[PeriodLine]) -> tuple[str, str, str, str]:
    total = sum((line.counted for line in lines), timedelta())
    by_hand = sum((line.by_hand for line in lines), timedelta())
    carried = sum((line.counted for line in lines if line.carried), timedelta())
    newest = max(lines, key=lambda line: line.day)
    return (
        newest.name,
        signed(total),
        signed(by_hand) if by_hand else "",
        signed(carried, plus=True) if carried else "",
    )
