"""Whether somebody agrees to have their face stored, asked before it is taken."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from kiosk.domain.consent import AT_THE_KIOSK, wording
from kiosk.domain.language import _
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.layouts import column, row
from kiosk.ui.admin.widgets.sheets import Sheet


class ConsentBox(QWidget):
    """A tick that somebody has read the site's text, and the text itself; not there where the
    site does not ask."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        settings = context.site.settings()
        self._required = settings.consent == "require"
        self.agrees = QCheckBox(_("Has read the text and agrees"))
        self.agrees.setAccessibleName(self.agrees.text())
        self.read = Button(_("Read the text"), self._show, kind="quiet", icon="info")
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.setLayout(column(row(self.agrees, 1, self.read, gap=2), self.error, gap=1))
        self.agrees.toggled.connect(lambda: self.error.hide())
        if settings.consent == "off":  # shown by its sheet: by itself it would be a window
            self.hide()

    @property
    def how(self) -> str:
        """How they agreed, in words; empty where they did not."""
        return AT_THE_KIOSK if self.agrees.isChecked() else ""

    def missing(self) -> bool:
        """Whether the site takes no face without it; says so."""
        missing = self._required and not self.how
        if missing:
            self.error.setText(
                _("Nobody's face is taken here before they have agreed: show them the text.")
            )
            self.error.show()
            self.agrees.setFocus()
        return missing

    def _show(self) -> None:
        text = wording(self._context.site.settings().consent_text)
        sheet = Sheet(_("What people agree to"), width=60)
        sheet.body.addWidget(label(text.text, wrap=True))
        version = _("Version {version}").format(version=text.version)
        sheet.body.addWidget(label(version, "muted"))
        sheet.buttons.addWidget(Button(_("Close"), sheet.dismiss))
        self._context.sheets.open(sheet)
