"""What a drill proved: a table, what it bounds in words, and a page to keep."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.domain.language import _
from kiosk.domain.liveness.drill import Drill, Kind
from kiosk.domain.liveness.drill_words import notes, owed_sentence
from kiosk.services.private_files import write_private
from kiosk.ui.admin.liveness.words import KINDS, bound, failed, measure, verdict
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Banner, Button, IconLabel, label
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import local_moment
from kiosk.ui.admin.widgets.layouts import boxed, row, spaced
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


def heading(drill: Drill) -> QWidget:
    """The verdict, told by a shape, a colour and words."""
    icon, tone, text = verdict(drill)
    line = row(IconLabel(icon, 2, tone), label(text, "heading", wrap=True), gap=3)
    line.setStretch(1, 1)
    return boxed(line)


class DrillResult(Sheet):
    """One drill; ``owed`` is what a face alone does not open for since."""

    def __init__(self, context: PageContext, drill: Drill, owed: frozenset[Kind]) -> None:
        super().__init__(_("Drill of {moment}").format(moment=local_moment(drill.began)), width=84)
        self._context = context
        self._drill = drill
        self._owed = owed
        self.banner = Banner()
        self.body.addWidget(self.banner)
        self.body.addWidget(heading(drill))
        for text in (failed(drill), *(drill.lacks if drill.done else ())):
            if text:
                self.body.addWidget(label(text, "label", wrap=True))
        if drill.tallies:
            self.body.addWidget(_table(drill))
        for tally in drill.tallies:
            told = f"{_(KINDS[tally.kind])}: {bound(tally)}"
            self.body.addWidget(label(told, wrap=True))
        for note in notes(drill):
            self.body.addWidget(label(note, "muted", wrap=True))
        self.pdf = Button(_("Save as PDF"), self._choose, icon="download")
        self.buttons.addWidget(self.pdf)
        self.buttons.addWidget(Button(_("Close"), self.dismiss, kind="primary"))

    def _choose(self) -> None:
        name = _("drill {day:%Y-%m-%d}").format(day=self._drill.began)
        choose_save(self, _("Save the drill as PDF"), f"{name}.pdf", self.write, "pdf")

    def write(self, path: Path) -> None:
        """Write the page; what goes wrong is said on the sheet."""
        from kiosk.ui.common.drill_page import drill_pdf

        page = drill_pdf(self._drill, owed_sentence(self._owed))

        self._context.worker.submit(
            lambda: write_private(path, page),
            lambda _none: self.banner.say(_("Saved as {path}.").format(path=path), good=True),
            lambda error: self.banner.say(sentence(error)),
            owner=self,
        )


def _table(drill: Drill) -> QWidget:
    heads = (
        _("Held up"),
        _("Tries"),
        _("Let in"),
        _("Stopped"),
        _("Refused otherwise"),
        _("No answer"),
        _("Asked to turn"),
        _("Share that went wrong"),
    )
    grid = QGridLayout()
    spaced(grid, 3)
    grid.setColumnStretch(0, 2)
    for place, text in enumerate(heads):
        grid.addWidget(label(text, "muted", wrap=True), 0, place)
        grid.setColumnStretch(place, 2 if place in (0, len(heads) - 1) else 1)
    for line, tally in enumerate(drill.tallies, start=1):
        cells = (_(KINDS[tally.kind]), *map(str, tally.figures), measure(tally))
        for place, text in enumerate(cells):
            shown = label(text, "label" if place in (0, len(cells) - 1) else "", wrap=True)
            shown.setAccessibleName(f"{heads[place]}: {text}")
            grid.addWidget(shown, line, place)
    return boxed(grid)
