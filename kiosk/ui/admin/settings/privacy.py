"""What the settings of privacy come to: the notice for the door, and what would be erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.language import _
from kiosk.domain.retention import KINDS, SETTINGS, Due, due_words
from kiosk.domain.settings import Settings
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.backups import kept_in_backups
from kiosk.services.privacy.daily import next_run, not_erased, ran_on
from kiosk.services.privacy.notice import BLANK, notice
from kiosk.services.private_files import write_private
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import clock, day
from kiosk.ui.admin.widgets.layouts import boxed, column, row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.common.work import sentence

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

ON_NOTICE: Final = ("controller", "data_contact", "notice_page")
"""Settings that do nothing but stand on the notice."""
TIMES: Final = (*SETTINGS.values(), "hours_by_law")
"""Settings that say when what is erased."""


class DoorNotice(QWidget):
    """The page to put up beside the door, from the printer or as a file. ``unsaved`` tells whether
    the form says something that is not in force yet, and so not on the page; ``printer`` is the
    machine's own where there is none."""

    words = "notice door print sign paper poster printer pdf code"

    def __init__(self, context: PageContext, unsaved: Callable[[], bool]) -> None:
        super().__init__()
        self._context = context
        self._unsaved = unsaved
        self.printer: QPrinter | None = None
        self.blank = label("", "muted", wrap=True)
        self.note = label("", "ok", wrap=True)
        self.note.hide()
        self.print_button = Button(_("Print the notice"), self.print, icon="printer")
        self.save_button = Button(_("Save it as PDF"), self._choose, icon="download")
        told = _(
            "One page to put up beside the door: what is stored, for how long, who answers. It is "
            "made of the settings."
        )
        self.setLayout(
            column(
                label(_("Notice for the door"), "label"),
                label(told, "muted", wrap=True),
                self.blank,
                self.note,
                row(self.print_button, self.save_button, 1, gap=2),
                gap=2,
            )
        )
        self.refresh()

    def refresh(self) -> None:
        """Say what is to be written in by hand."""
        made = notice(self._context.site.settings())
        blank = "; ".join(heading for heading, text in made.parts if text == BLANK)
        self.blank.setText(_("Left open, to be written in by hand: {what}.").format(what=blank))
        self.blank.setVisible(bool(blank))

    def print(self) -> None:
        """Have it printed."""
        made, printer = notice(self._context.site.settings()), self.printer

        def act() -> str:
            from kiosk.ui.common.notice_page import print_notice

            return print_notice(made, printer)

        self._do(act, lambda name: _("Sent to the printer: {name}.").format(name=name))

    def write(self, path: Path) -> None:
        """Write it as PDF."""
        made = notice(self._context.site.settings())

        def act() -> Path:
            from kiosk.ui.common.notice_page import notice_pdf

            write_private(path, notice_pdf(made))
            return path

        self._do(act, lambda path: _("Saved as {path}: print it on A4.").format(path=path))

    def _choose(self) -> None:
        title = _("Save the notice for the door as PDF")
        choose_save(self, title, _("notice for the door.pdf"), self.write, "pdf")

    def _do(self, act: Callable[[], str | Path], told: Callable[[str | Path], str]) -> None:
        self._press(False)

        def done(made: str | Path) -> None:
            self._press(True)
            text = told(made)
            if self._unsaved():
                text += " " + _("What is not saved on this page yet is not on it.")
            self._say(text, "ok")

        def failed(error: BaseException) -> None:
            self._press(True)
            self._say(sentence(error), "error")

        # A printer may take seconds to answer.
        self._context.models.submit(act, done, failed, owner=self)

    def _press(self, enabled: bool) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(enabled)

    def _say(self, text: str, role: str) -> None:
        self.note.setText(text)
        mark(self.note, role=role)
        self.note.show()


class RetentionPreview(QWidget):
    """What would be erased by the times as they stand on the form: ``chosen`` gives the settings
    with them, None where none is another than in force."""

    words = "erase delete preview retention old gdpr"

    def __init__(self, context: PageContext, chosen: Callable[[], Settings | None]) -> None:
        super().__init__()
        self._context = context
        self._chosen = chosen
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.note = label("", "error", wrap=True)
        self.note.hide()
        self.button = Button(_("Show what would be erased"), self.show_it, icon="eye")
        told = _(
            "By the times above, as they stand there, saved or not. Showing it changes nothing."
        )
        self.setLayout(
            column(
                label(_("What is old enough to go"), "label"),
                label(told, "muted", wrap=True),
                self.problem,
                self.note,
                row(self.button, 1),
                gap=2,
            )
        )

    def refresh(self) -> None:
        """Say whether the kiosk failed to erase what was old enough."""
        records = self._context.site.admin.records

        def show(problem: str) -> None:
            self.problem.setText(problem)
            self.problem.setVisible(bool(problem))

        def failed(error: BaseException) -> None:
            show(sentence(error))

        look = partial(not_erased, records, datetime.now(UTC))
        self._context.worker.submit(look, show, failed, owner=self)

    def show_it(self) -> None:
        """Read it, and show it on a sheet."""
        self.button.setEnabled(False)
        self.note.hide()
        admin, chosen = self._context.site.admin, self._chosen()
        in_force = chosen or self._context.site.settings()

        def read() -> Preview:
            now = datetime.now(UTC)
            return Preview(
                admin.retention.preview(chosen),
                chosen is None,
                any(getattr(in_force, name) for name in SETTINGS.values()),
                next_run(admin.records, now),
                ran_on(admin.records),
                kept_in_backups(in_force),
                now,
            )

        def done(found: Preview) -> None:
            self.button.setEnabled(True)
            self._context.sheets.open(RetentionSheet(found))

        def failed(error: BaseException) -> None:
            self.button.setEnabled(True)
            self.note.setText(sentence(error))
            self.note.show()

        self._context.worker.submit(read, done, failed, owner=self)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go ``now`` (UTC); whether by what is in force, and whether anything goes by
    itself at all; when it is done next (local), and the day on which it was last (ISO, or
    nothing); how long ``backups`` still hold it, in a sentence."""

    due: tuple[Due, ...]
    in_force: bool
    anything: bool
    next: datetime
    last: str
    backups: str
    now: datetime


class RetentionSheet(Sheet):
    """Of each kind how much, of which days, and when it goes."""

    def __init__(self, found: Preview) -> None:
        super().__init__(_("What would be erased"), width=56)
        for one in found.due:
            kind = label(_(KINDS[one.kind]), "label", wrap=True)
            self.body.addWidget(boxed(column(kind, label(due_words(one, day), wrap=True), gap=1)))
        for text in _told(found):
            self.body.addWidget(label(text, "muted" if found.due else "", wrap=True))
        self.buttons.addWidget(Button(_("Close"), self.dismiss, kind="primary"))


def newly_due(admin: Administration, settings: Settings) -> tuple[Due, ...]:
    """What these settings would let go that those in force would not, for the worker."""
    before = {one.kind: one.count for one in admin.retention.preview()}
    after = admin.retention.preview(settings)
    return tuple(one for one in after if one.count > before.get(one.kind, 0))


def warning(due: Sequence[Due]) -> str:
    """What is lost once this is saved."""
    lines = "\n".join(f"{_(KINDS[one.kind])}: {due_words(one, day)}" for one in due)
    told = _("The next daily run erases this, and it can't be brought back:")
    return f"{told}\n{lines}"


def _told(found: Preview) -> tuple[str, ...]:
    if not found.anything and not found.due:
        return (_("Nothing ever goes by itself: all times are 0, which is for ever."),)
    if not found.due:
        return (_("Nothing is old enough to go."), *_when(found))
    kept = _(
        "Rows stay in the record as a day and an outcome, and name nobody. It can't be brought "
        "back."
    )
    return (f"{kept} {found.backups}", *_when(found))


def _when(found: Preview) -> tuple[str, ...]:
    if found.next <= found.now.astimezone():
        told = _("The kiosk does it once a day by itself, next within minutes.")
    else:
        told = _("The kiosk does it once a day by itself, next on {day} from {clock} on.").format(
            day=day(found.next.date()), clock=clock(found.next)
        )
    if not found.in_force:
        return (told, _("These times are not saved yet: until then it goes by those in force."))
    if not found.last:
        return (told,)
    last = day(date.fromisoformat(found.last))
    return (told + " " + _("It was done last on {day}.").format(day=last),)
