"""The newest verified backup, and one now."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.audit import Action
from kiosk.domain.backups import Backup
from kiosk.domain.language import _
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.formats import moment
from kiosk.ui.admin.widgets.layouts import column, row
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.common.work import sentence

OF_BACKUPS: Final = ("backups", "backup_folder", "backups_daily", "backups_weekly")
"""The settings it stands below."""


class BackupStatus(QWidget):
    """Below the settings of the backups, in their card."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.newest = label("", "muted", wrap=True)
        self.note = label("", "ok", wrap=True)
        self.note.hide()
        self.button = Button(
            _("Back up now"), self.make, icon="download", allowed=context.may(Action.BACK_UP)
        )
        self.setLayout(column(self.newest, self.note, row(self.button, 1), gap=2))

    def refresh(self) -> None:
        """Say what lies in the folder."""
        admin = self._context.site.admin

        def look() -> tuple[Backup | None, str]:
            folder = admin.backups.folder
            return next(iter(admin.backups.all()), None), str(folder or "")

        def show(found: tuple[Backup | None, str]) -> None:
            newest, folder = found
            self.button.setEnabled(bool(folder))
            self.newest.setText(_told(newest, folder))

        self._context.worker.submit(look, show, self._failed, owner=self)

    def make(self) -> None:
        """One now, verified."""
        self.button.setEnabled(False)
        self._say(_("The database is copied, and the copy is read through."), "muted")

        def done(made: Backup) -> None:
            self._say(_("The backup is made and verified."), "ok")
            self.refresh()

        def failed(error: BaseException) -> None:
            self.button.setEnabled(True)
            self._failed(error)

        admin, actor = self._context.site.admin, self._context.actor
        self._context.models.submit(lambda: admin.backups.now(actor), done, failed, owner=self)

    def _failed(self, error: BaseException) -> None:
        self._say(sentence(error), "error")

    def _say(self, text: str, role: str) -> None:
        self.note.setText(text)
        mark(self.note, role=role)
        self.note.show()


def _told(newest: Backup | None, folder: str) -> str:
    if not folder:
        return _(
            "The database is on a server: its own means back it up, such as pg_dump, and "
            "pg_restore brings it back."
        )
    if newest is None:
        return _("There is no backup yet in {folder}.").format(folder=folder)
    return _("The newest verified backup is of {moment} ({size} MB): {path}").format(
        moment=moment(newest.at), size=f"{newest.size / 1e6:.1f}", path=newest.path
    )
