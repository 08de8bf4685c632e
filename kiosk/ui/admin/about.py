"""About: versions, models, the data folder, the doctor's report, licences."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QUrl,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk import __version__
from kiosk.domain.audit import ACTIONS, AuditEntry
from kiosk.domain.language import _, marked
from kiosk.domain.names import isolated
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.threshold import one_in
from kiosk.services.site import Finding
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.widgets.acts import ACTORS, in_words
from kiosk.ui.admin.widgets.controls import Button, IconLabel, card, label, scrolled
from kiosk.ui.admin.widgets.formats import moment
from kiosk.ui.admin.widgets.labels import ElidedLabel
from kiosk.ui.admin.widgets.layouts import boxed, column, emptied, rescale, row
from kiosk.ui.admin.widgets.tables import Table
from kiosk.ui.admin.widgets.words import counted

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
Licence = tuple[str, str, str]
_SAID = {"ok": "fine", "note": "a note", "TO DO": "to do"}


CHANGES = 20
"""How many of the newest acts of administration are shown; `kiosk audit list` has all."""


class AboutPage(Page):
    """Read-only; the doctor runs each time the page is opened for the first time, or again."""

    title = marked("About")

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._asked = False
        self.findings: tuple[Finding, ...] = ()
        self.encoder_title = label("", "label", wrap=True)
        self.encoder_text = label("", wrap=True)
        self.encoder_facts = label("", "muted", wrap=True)
        self.report: QVBoxLayout = column(gap=2)
        self.report_head = label(_("Everything is being looked at"), "muted", wrap=True)
        self.copy_button = Button(_("Copy"), self.copy_report, icon="copy")
        self.copy_button.setEnabled(False)
        self.again_button = Button(_("Look again"), self.examine, icon="refresh-cw")
        self.changes = label("", "muted", wrap=True)
        self.licences = _LicenceModel()
        self.table = Table(_("Licences"))
        proxy = QSortFilterProxyModel(self)
        proxy.setSourceModel(self.licences)
        proxy.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table.setModel(proxy)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._build()

    def refresh(self) -> None:
        audit = self.context.site.records.audit
        self.ask(lambda: audit.newest(CHANGES), self._show_changes)
        if self._asked:
            return
        self._asked = True
        site = self.context.site
        self.context.models.submit(site.encoder, self._show_encoder, self._no_encoder, owner=self)
        self.context.models.submit(site.licences, self._show_licences, self.fail, owner=self)
        self.examine()

    def narrow(self, narrow: bool) -> None:
        self.table.fit({0: 22, 1: 14}, 2)

    def examine(self) -> None:
        """Run the doctor; takes up to some seconds."""
        self.again_button.setEnabled(False)
        self.report_head.setText(_("Everything is being looked at"))

        def failed(error: BaseException) -> None:
            self.again_button.setEnabled(True)
            self.fail(error)

        self.context.models.submit(self.context.site.doctor, self._show_report, failed, owner=self)

    def report_text(self) -> str:
        """The report to paste into a letter to whoever helps."""
        return "\n".join(
            f"{_mark(found):5}  {found.title}: {found.text}" for found in self.findings
        )

    def copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text())

    def _build(self) -> None:
        folder = ElidedLabel(str(self.context.site.data_dir))
        folder.setAccessibleName(_("Data folder"))
        opens = Button(_("Open"), self._open_folder, icon="folder-open")
        places = row(folder, opens, gap=3)
        places.setStretch(0, 1)
        kiosk = card(
            label(_("Kiosk {version}").format(version=__version__), "heading"),
            label(_("Lets people in by their face, at an error rate that you chose."), wrap=True),
            label(_("Data folder"), "label"),
            boxed(places),
            gap=2,
        )
        model = card(
            label(_("The encoder in force"), "heading"),
            self.encoder_title,
            self.encoder_text,
            self.encoder_facts,
            gap=1,
        )
        head = row(label(_("Doctor"), "heading"), 1, self.again_button, self.copy_button, gap=2)
        doctor = card(boxed(head), self.report_head, boxed(self.report))
        changes = card(label(_("What was changed"), "heading"), self.changes)
        licences = card(label(_("Licences"), "heading"), self.table)
        content = QWidget()
        content.setLayout(column(kiosk, model, doctor, changes, licences, 1, gap=4))
        self.body.addWidget(scrolled(content), 1)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.site.data_dir)))

    def _show_encoder(self, info: EncoderInfo) -> None:
        self.encoder_title.setText(info.title)
        self.encoder_text.setText(info.summary)
        curve = info.curve
        self.encoder_facts.setText(
            f"{info.encoder_id}  ·  {info.dimension} numbers a face  ·  licence {info.licence}\n"
            f"Error rates measured on {curve.pairs}: {counted(curve.genuine, 'pair')} of the same "
            f"person, {counted(curve.impostor, 'pair')} of different people; this supports "
            f"promises down to {one_in(curve.measured_far)} for one comparison"
            + (
                f", and a tail fitted to it down to {one_in(curve.lowest_far)}."
                if curve.lowest_far < curve.measured_far
                else "."
            )
        )

    def _show_changes(self, entries: tuple[AuditEntry, ...]) -> None:
        lines = [_told(entry) for entry in entries]
        self.changes.setText("\n".join(lines) or _("Nothing yet."))

    def _no_encoder(self, error: BaseException) -> None:
        self.encoder_title.setText(_("No encoder can be used"))
        self.encoder_text.setText(str(error))

    def _show_licences(self, rows: tuple[Licence, ...]) -> None:
        self.licences.show(rows)
        lines = min(len(rows), 12) * self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(lines + self.table.horizontalHeader().height() + 4)

    def _show_report(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        self.again_button.setEnabled(True)
        self.copy_button.setEnabled(True)
        self.report_head.setText(_summary(findings))
        emptied(self.report)
        for found in sorted(findings, key=lambda found: (found.ok, not found.advice)):
            self.report.addWidget(_finding(found))
        rescale(self, self.context.sheets.scale)


def _told(entry: AuditEntry) -> str:
    who = entry.actor.name or ACTORS[entry.actor.kind]()
    told = in_words(entry)
    act = (_(ACTIONS[entry.action]), isolated(told.subject), told.details)
    return "  ·  ".join(part for part in (moment(entry.at), who, *act) if part)


def _summary(findings: tuple[Finding, ...]) -> str:
    bad = sum(not found.ok for found in findings)
    if bad:
        return f"{counted(bad, 'thing')} to do."
    notes = sum(found.advice for found in findings)
    return (
        _("Nothing must be done; {counted}.").format(counted=counted(notes, "note"))
        if notes
        else _("All is well.")
    )


def _mark(found: Finding) -> str:
    return "TO DO" if not found.ok else "note" if found.advice else "ok"


def _finding(found: Finding) -> QWidget:
    well = found.ok and not found.advice
    icon = IconLabel("circle-check" if well else "triangle-alert", 1.3, "ok" if found.ok else "bad")
    words = column(
        label(found.title, "label"),
        label(found.text, "muted" if well else "", wrap=True),
        gap=0,
    )
    line = row(gap=3)
    line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    whole = boxed(line)
    whole.setAccessibleName(f"{found.title}: {_SAID[_mark(found)]}. {found.text}")
    return whole


class _LicenceModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Licence, ...] = ()

    def show(self, rows: tuple[Licence, ...]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE, /) -> int:
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Name", "Version", "Licence")[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        if index.isValid() and role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return self._rows[index.row()][index.column()]
        return None
