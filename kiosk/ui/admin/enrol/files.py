"""Enrolling from picture files and folders: a bar while it runs, a report when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from kiosk.domain.people import Person
from kiosk.services.enrol.enroller import EnrolReport
from kiosk.ui.admin.enrol.live import ask_about, told
from kiosk.ui.admin.enrol.report import ReportView
from kiosk.ui.admin.enrol.work import EnrolmentSession, Judged, Target, enrol_folder
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.admin.widgets.tasks import TaskBar
from kiosk.ui.admin.widgets.words import counted
from kiosk.ui.common.work import sentence


class _EnrolTask(Sheet):
    """A sheet that works, then reports."""

    changed = Signal(str)

    def __init__(self, context: PageContext, title: str) -> None:
        super().__init__(title, width=78)
        self._context = context
        self.summary = label("", "heading", wrap=True)
        self.note = label("", "muted", wrap=True)
        self.task = TaskBar()
        self.report = ReportView(context)
        self.copy = Button("Copy the report", self.report.copy, icon="copy")
        self.done = Button("Close", self.dismiss)
        for part in (self.summary, self.note, self.task, self.report):
            self.body.addWidget(part)
        self.buttons.addWidget(self.copy)
        self.buttons.addWidget(self.done)
        self.copy.hide()
        self.report.hide()
        self.note.hide()

    @property
    def busy(self) -> bool:
        return self.task.running

    def dismiss(self) -> None:
        """Closing while it works stops the work first; the report then says how far it came."""
        if self.task.running:
            self.task.cancel()
        else:
            super().dismiss()

    def say(self, text: str, role: str = "muted") -> None:
        """A sentence under the summary."""
        self.note.setText(text)
        mark(self.note, role=role)
        self.note.show()

    def failed(self, error: BaseException) -> None:
        """What went wrong, in place of a report."""
        self.summary.setText("That did not work")
        self.say(sentence(error), "error")


class EnrolFiles(_EnrolTask):
    """One person from picture files."""

    def __init__(self, context: PageContext, target: Target, paths: Sequence[Path]) -> None:
        super().__init__(context, f"Enrol {target.name}")
        self._target = target
        self._session = EnrolmentSession(context.site, target)
        self._judged: Judged | None = None
        self.save = Button("Save", self._check, kind="primary", icon="check")
        self.save.setEnabled(False)
        self.buttons.addWidget(self.save)
        self.task.run(
            f"Looking at {counted(len(paths), 'picture')}",
            context.models,
            lambda task: self._session.judge(paths, task),
            self._show,
            self.failed,
        )

    def _show(self, judged: Judged) -> None:
        self._judged = judged
        if judged.cancelled:
            self.summary.setText("Stopped: nothing was stored")
        elif not judged.captures:
            self.summary.setText("None of the pictures can be used")
        else:
            good = len(judged.captures)
            total = counted(good + len(judged.refused), "picture")
            self.summary.setText(f"{good} of {total} can be used")
        self.report.show_report(judged.captures, judged.refused, self.summary.text())
        self.copy.setVisible(bool(judged.refused))
        self.save.setEnabled(bool(judged.captures))
        self.done.setText("Cancel" if judged.captures else "Close")

    def _check(self) -> None:
        assert self._judged is not None
        if self._judged.duplicate is None:
            self._store()
        else:
            ask_about(self._context, self._target, self._judged.duplicate, self._store)

    def _store(self) -> None:
        assert self._judged is not None
        captures = self._judged.captures
        self.save.setEnabled(False)

        def done(person: Person) -> None:
            self.changed.emit(told(person, len(captures)))
            self.dismiss()

        self._context.models.submit(
            lambda: self._session.store(captures), done, self.failed, owner=self
        )


class EnrolFolder(_EnrolTask):
    """Many people from a folder of NAME/picture files; each is stored when it is complete."""

    def __init__(self, context: PageContext, folder: Path) -> None:
        super().__init__(context, f"Enrol everybody in {folder.name}")
        self._news = ""
        self.task.run(
            "Looking at the pictures",
            context.models,
            lambda task: enrol_folder(context.site, folder, task),
            self._show,
            self.failed,
        )

    def _show(self, report: EnrolReport) -> None:
        people = counted(len(report.people), "person", "people")
        summary = f"{people} enrolled from {counted(report.accepted, 'picture')}"
        if report.refused:
            summary += f", {counted(len(report.refused), 'picture')} refused"
        self.summary.setText(summary)
        if report.cancelled:
            self.say("Stopped: whoever was complete is enrolled, nobody is enrolled by half.")
        elif not report.refused:
            self.say("All pictures could be used.", "ok")
        self.report.show_report((), report.refused, summary)
        self.copy.setVisible(bool(report.refused))
        if report.people:
            # Told when the report is closed: until then it is what counts.
            self._news = f"{summary}."

    def dismiss(self) -> None:
        running, news = self.task.running, self._news
        super().dismiss()
        if not running and news:
            self._news = ""
            self.changed.emit(news)
