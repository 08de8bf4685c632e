"""Enrolling from picture files and folders: a bar while it runs, a report when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.services.enrol.report import EnrolReport, Judged
from kiosk.services.enrol.session import EnrolmentSession
from kiosk.services.enrol.target import Target
from kiosk.ui.admin.enrol.live import confirm_doubts, told, why_none
from kiosk.ui.admin.enrol.report import ReportView, everybody_rows, refused_row
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.admin.widgets.tasks import Task, TaskBar
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
        self.copy = Button(_("Copy the report"), self.report.copy, icon="copy")
        self.done = Button(_("Close"), self.dismiss)
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
        self.summary.setText(_("That did not work"))
        self.say(sentence(error), "error")


class EnrolFiles(_EnrolTask):
    """One person from picture files."""

    def __init__(
        self, context: PageContext, target: Target, paths: Sequence[Path], consent: str = ""
    ) -> None:
        super().__init__(context, _("Enrol {name}").format(name=isolated(target.name)))
        self._session: EnrolmentSession | None = None
        self._judged: Judged | None = None
        self._consent = consent
        self.save = Button(_("Save"), self._check, kind="primary", icon="check")
        self.save.setEnabled(False)
        self.buttons.addWidget(self.save)

        def judge(task: Task) -> tuple[EnrolmentSession, Judged]:
            session = context.site.open_enrolment()
            return session, session.judge_files(
                target, paths, progress=task.progress, cancelled=task.cancelled
            )

        self.task.run(
            counted("Looking at {count} picture", "Looking at {count} pictures", len(paths)),
            context.models,
            judge,
            lambda found: self._show(*found),
            self.failed,
        )

    def _show(self, session: EnrolmentSession, judged: Judged) -> None:
        self._session, self._judged = session, judged
        total = len(judged.captures) + len(judged.refused) + len(judged.known)
        if judged.cancelled:
            self.summary.setText(_("Stopped: nothing was stored"))
        elif not judged.captures:
            self.summary.setText(
                why_none(judged) if judged.known else _("None of the pictures can be used")
            )
        else:
            pictures = counted("{count} picture", "{count} pictures", total)
            text = _("{good} of {pictures} can be used")
            self.summary.setText(text.format(good=len(judged.captures), pictures=pictures))
        notes = list(judged.notes)
        if judged.known:
            notes.append(
                counted(
                    "{count} is stored already.", "{count} are stored already.", len(judged.known)
                )
            )
        if notes:
            self.say(" ".join(notes))
        rows = tuple(refused_row(item) for item in judged.refused)
        self.report.show_report(judged.captures, rows, self.summary.text())
        self.copy.setVisible(bool(judged.refused))
        self.save.setEnabled(bool(judged.captures))
        self.done.setText(_("Cancel") if judged.captures else _("Close"))

    def _check(self) -> None:
        assert self._judged is not None
        confirm_doubts(self._context, self._judged, self._store)

    def _store(self) -> None:
        actor = self._context.actor
        session, judged = self._session, self._judged
        assert session is not None
        assert judged is not None
        self.save.setEnabled(False)

        def done(person: Person) -> None:
            self.changed.emit(told(person, judged))
            self.dismiss()

        self._context.models.submit(
            lambda: session.store(actor, judged, self._consent),
            done,
            self.failed,
            owner=self,
        )


class EnrolFolder(_EnrolTask):
    """Many people from a folder; each is stored when it is complete."""

    def __init__(self, context: PageContext, folder: Path, consent: str = "") -> None:
        super().__init__(context, _("Enrol everybody in {folder}").format(folder=folder.name))
        self._news = ""
        self.task.run(
            _("Looking at the pictures"),
            context.models,
            lambda task: context.site.open_enrolment().enrol_folder(
                context.actor,
                folder,
                consent=consent,
                progress=task.progress,
                cancelled=task.cancelled,
            ),
            self._show,
            self.failed,
        )

    def _show(self, report: EnrolReport) -> None:
        summary = _summary(report)
        self.summary.setText(summary)
        if report.cancelled:
            self.say(_("Stopped: whoever was complete is enrolled, nobody is enrolled by half."))
        elif not report.refused:
            self.say(_("All pictures could be used."), "ok")
        self.report.show_report((), everybody_rows(report), summary)
        self.copy.setVisible(bool(report.everybody))
        if report.accepted:
            # Told when the report is closed: until then it is what counts.
            self._news = f"{summary}."

    def dismiss(self) -> None:
        running, news = self.task.running, self._news
        super().dismiss()
        if not running and news:
            self._news = ""
            self.changed.emit(news)


def _summary(report: EnrolReport) -> str:
    taken = sum(bool(line.accepted) for line in report.everybody)
    known = sum(bool(line.known and not line.accepted) for line in report.everybody)
    if taken or not known:
        text = _("{people} enrolled from {photos}").format(
            people=counted("{count} person", "{count} people", taken),
            photos=counted("{count} picture", "{count} pictures", report.accepted),
        )
        if known:
            text += ", " + counted("{count} known already", "{count} known already", known)
    else:
        text = counted(
            "Nobody new: {count} person is enrolled already",
            "Nobody new: {count} people are enrolled already",
            known,
        )
    out = len(report.left_out)
    return f"{text}, " + counted("{count} left out", "{count} left out", out) if out else text
