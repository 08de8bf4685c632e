"""The recovery code, shown once: for paper, never for this machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

from kiosk.domain.language import _
from kiosk.services.private_files import write_private
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Banner, Button, label
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


class RecoverySheet(Sheet):
    """``code`` is shown this once; whoever lost it makes another in the settings."""

    def __init__(self, context: PageContext, code: str) -> None:
        super().__init__(_("Your recovery code"), width=56, close=False)
        self._context = context
        self._text = code
        self.banner = Banner()
        self.code = label(code, "big")
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName(_("Recovery code: {code}").format(code=code))
        why = _("Whoever forgets the admin PIN chooses a new one with it. It works once.")
        keep = _(
            "Print it or write it down, and lock the paper away: it is not shown again. Settings "
            "makes another at any time."
        )
        for part in (
            self.banner,
            label(why, wrap=True),
            self.code,
            label(keep, "muted", wrap=True),
        ):
            self.body.addWidget(part)
        self.print_button = Button(_("Print or save"), self._choose, icon="download")
        self.done = Button(_("I have it on paper"), self._keep, kind="primary", icon="check")
        self.buttons.addWidget(self.print_button)
        self.buttons.addWidget(self.done)
        self.first = self.done

    def write(self, path: Path) -> None:
        """Write it as a page to print."""
        from kiosk.ui.common.recovery_page import recovery_pdf

        code, today = self._text, date.today()
        self._context.worker.submit(
            lambda: write_private(path, recovery_pdf(code, today)),
            lambda _none: self.banner.say(
                _("Saved as {path}: print it, then delete the file.").format(path=path), good=True
            ),
            lambda error: self.banner.say(sentence(error)),
            owner=self,
        )

    def _keep(self) -> None:
        recovery, code = self._context.site.admin.recovery, self._text
        # Where that is not noted, `doctor` goes on asking.
        self._context.worker.submit(lambda: recovery.note_kept(code), lambda _none: None)
        self.dismiss()

    def _choose(self) -> None:
        choose_save(self, _("Save the page as PDF"), _("recovery code.pdf"), self.write, "pdf")
