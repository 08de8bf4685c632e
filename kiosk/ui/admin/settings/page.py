"""Settings: a form made of ``Settings.about()``, and the administrator's PIN."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from kiosk.domain.audit import Action
from kiosk.domain.errors import BadInput, BadSetting
from kiosk.domain.language import _, marked
from kiosk.domain.retention import Due
from kiosk.domain.settings import SettingInfo, Settings, SettingValue
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.settings.admin_pin import AdminPin
from kiosk.ui.admin.settings.backups import OF_BACKUPS, BackupStatus
from kiosk.ui.admin.settings.camera_picture import CameraPicture
from kiosk.ui.admin.settings.privacy import (
    ON_NOTICE,
    TIMES,
    DoorNotice,
    RetentionPreview,
    newly_due,
    warning,
)
from kiosk.ui.admin.settings.row import SettingRow, fits
from kiosk.ui.admin.widgets.controls import Button, Empty, card, label, scrolled
from kiosk.ui.admin.widgets.fields import Search
from kiosk.ui.admin.widgets.layouts import boxed, column, rescale, row
from kiosk.ui.admin.widgets.sheets import confirm
from kiosk.ui.admin.widgets.words import counted

_AUTO = (("auto", "Automatic"),)
AT_ONCE = 3
"""Rows built without letting the screen breathe."""


class SettingsPage(Page):
    """Nothing takes effect before Save: then the camera and the models start anew."""

    title = marked("Settings")

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._stored = context.site.settings()
        self.query = Search(_("Search the settings"))
        self.rows: dict[str, SettingRow] = {}
        self._groups: dict[str, QWidget] = {}
        content = QWidget()
        self._lines = column(gap=4)
        content.setLayout(self._lines)
        self.picture = CameraPicture(context.bridge)
        self.backups = BackupStatus(context)
        self.notice = DoorNotice(context, lambda: bool(self._edited))
        self.retention = RetentionPreview(context, self._other_times)
        # Below which row each stands, of which rows it tells, and words that find it, too.
        self._parts: dict[str, tuple[QWidget, tuple[str, ...], str]] = {
            "region": (self.picture, ("rotate", "region"), ""),
            "backups_weekly": (self.backups, OF_BACKUPS, ""),
            "notice_page": (self.notice, ON_NOTICE, DoorNotice.words),
            "keep_faces": (self.retention, TIMES, RetentionPreview.words),
        }
        self._narrow = False
        self.pin = AdminPin(context)
        self._may_set_pin = context.may(Action.SET_ADMIN_PIN)
        if not self._may_set_pin:
            self.pin.hide()
        self.picture.setEnabled(context.may(Action.CHANGE_SETTINGS))
        self.nothing = Empty(
            "search",
            _("No setting fits"),
            _("Try another word, such as camera, dark or seconds."),
            Button(_("Show all settings"), self.query.clear, icon="x"),
        )
        self.nothing.hide()
        # All rows at once would stop the screen: some now, the others in the pauses.
        self._to_come = deque(Settings.about())
        self._coming = QTimer(self, interval=0)
        self._coming.timeout.connect(self._add_some)
        self._lines.addStretch(1)
        self.body.addWidget(self.query)
        self._area = scrolled(content)
        self.body.addWidget(self._area, 1)
        self.unsaved_text = label("", "label", wrap=True)
        self.save_button = Button(_("Save"), self.save, kind="primary", icon="check")
        self.discard_button = Button(_("Discard"), self.drop, icon="undo-2")
        bar = row(self.unsaved_text, self.discard_button, self.save_button, gap=2, pad=(4, 2))
        bar.setStretch(0, 1)
        self.save_bar = boxed(bar, "card")
        self.save_bar.hide()
        self.body.addWidget(self.save_bar)
        self.query.textChanged.connect(self._filter)
        self._add_some()
        self._coming.start()

    @property
    def complete(self) -> bool:
        return not self._to_come

    def refresh(self) -> None:
        if not self._edited:
            self._stored = self.context.site.settings()
            for name, shown in self.rows.items():
                shown.show_value(getattr(self._stored, name))
            self._tell()
        self.notice.refresh()
        if self.complete:
            self.backups.refresh()
            self.retention.refresh()

    def search(self) -> None:
        self.query.setFocus()
        self.query.selectAll()

    def back(self) -> bool:
        if self.query.text():
            self.query.clear()
            return True
        return False

    def narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        for shown in self.rows.values():
            shown.narrow(narrow)

    @property
    def unsaved(self) -> str:
        if not self._edited:
            return ""
        return f"{counted(len(self._edited), 'changed setting')} will be lost"

    def drop(self) -> None:
        for name, shown in self.rows.items():
            shown.show_value(getattr(self._stored, name))
            shown.set_error("")
        self._tell()

    def save(self) -> None:
        """Check everything, then put it in force."""
        while not self.complete:
            self._add_some()
        try:
            values = self._checked()
        except BadInput:
            self._show_first_error()
            return
        # On top of what is in force now: another page may have stored a setting meanwhile.
        names = self._edited
        try:
            settings = self.context.site.settings().changed(**{n: values[n] for n in names})
        except BadInput as error:
            self.rows["agree"].set_error(str(error))
            self._show_first_error()
            return
        if not any(name in TIMES for name in names):
            self._ask_first(settings, names)
            return
        admin = self.context.site.admin
        self.save_bar.setEnabled(False)

        def done(due: tuple[Due, ...]) -> None:
            self.save_bar.setEnabled(True)
            self._ask_first(settings, names, due)

        def failed(error: BaseException) -> None:
            self.save_bar.setEnabled(True)
            self.fail(error)

        self.ask(lambda: newly_due(admin, settings), done, failed)

    def _ask_first(self, settings: Settings, names: Sequence[str], due: Sequence[Due] = ()) -> None:
        """Put it in force, at once or, where something is at risk or lost by it, once more."""
        changed = [self.rows[name] for name in names]
        risky = [shown for shown in changed if shown.caution.text()]
        told = [shown.caution.text() for shown in risky]
        if due:
            risky += [shown for shown in changed if shown.info.name in TIMES]
            told.append(warning(due))
        if not risky:
            self._apply(settings)
            return
        asked = ", ".join(f"{shown.info.title}: {shown.words}" for shown in risky)
        confirm(
            self.context.sheets,
            f"{asked}?",
            "\n\n".join(told),
            _("Save all the same"),
            lambda: self._apply(settings),
        )

    def _apply(self, settings: Settings) -> None:
        site = self.context.site
        self.save_bar.setEnabled(False)
        self.unsaved_text.setText(_("The camera and the models start anew"))

        def done(_nothing: None) -> None:
            self.save_bar.setEnabled(True)
            self._stored = site.settings()
            self._tell()
            self.banner.say(_("The settings are in force."), good=True)

        def failed(error: BaseException) -> None:
            self.save_bar.setEnabled(True)
            self._tell()
            if isinstance(error, BadSetting):
                self.rows[error.name].set_error(str(error))
                self._show_first_error()
            else:
                self.fail(error)

        self.ask(lambda: site.apply(site.actor, settings), done, failed)

    def _other_times(self) -> Settings | None:
        """What is in force with the times of the form; None where they are the same."""
        chosen = {name: self.rows[name].value for name in TIMES if name in self.rows}
        thought_of = self._stored.changed(**chosen)
        return None if thought_of == self._stored else thought_of

    @property
    def _edited(self) -> list[str]:
        return [n for n, shown in self.rows.items() if shown.value != getattr(self._stored, n)]

    def _add_some(self) -> None:
        for _number in range(min(AT_ONCE, len(self._to_come))):
            self._add(self._to_come.popleft())
        if not self._to_come:
            self._coming.stop()
            if self._may_set_pin:
                self._groups["Security"] = self.pin
            for last in (self.pin, self.nothing):
                self._lines.insertWidget(self._lines.count() - 1, last)
        rescale(self, self.context.sheets.scale)
        if self.query.text():
            self._filter(self.query.text())

    def _add(self, info: SettingInfo) -> None:
        group = self._groups.get(info.group)
        if group is None:
            group = self._groups[info.group] = card(label(info.group, "heading"), gap=2)
            self._lines.insertWidget(self._lines.count() - 1, group)
        suggestions = _AUTO if info.name == "encoder" else ()
        value = getattr(self._stored, info.name)
        shown = SettingRow(info, value, suggestions, free=info.name != "encoder")
        shown.changed.connect(self._tell)
        shown.narrow(self._narrow)
        shown.setEnabled(self.context.may(Action.CHANGE_SETTINGS))
        self.rows[info.name] = shown
        layout = group.layout()
        assert layout is not None
        layout.addWidget(shown)
        if info.name in self._parts:
            layout.addWidget(self._parts[info.name][0])
        if info.name == "region":
            self.picture.drawn.connect(shown.set_value)
            self._show_picture()
        if info.name == "backups_weekly":
            self.backups.refresh()
        if info.name == "keep_faces":
            self.retention.refresh()
        # Cameras may take seconds to answer: the worker of long tasks asks them.
        asked = {"camera": self.context.site.cameras, "encoder": self._encoders}.get(info.name)
        if asked is not None:
            self.context.models.submit(asked, shown.suggest, self.fail, owner=self)

    def _show_picture(self) -> None:
        """As what is chosen would show it."""
        if "region" not in self.rows:
            return
        rotate, mirror, region = (self.rows[n].value for n in ("rotate", "mirror", "region"))
        in_force = int(self._stored.rotate)
        self.picture.show_settings(in_force, int(rotate), bool(mirror), str(region))

    def _encoders(self) -> tuple[tuple[str, str], ...]:
        """Each with its licence in short, for not every one may be used by a business."""
        return _AUTO + tuple(
            (name, f"{name} · {licence.partition(':')[0]}")
            for name, licence in self.context.site.encoders()
        )

    def _checked(self) -> dict[str, SettingValue]:
        values, wrong = {}, None
        for name, shown in self.rows.items():
            try:
                values[name] = shown.check()
            except BadInput as error:
                wrong = error
        if wrong is not None:
            raise wrong
        return values

    def _show_first_error(self) -> None:
        self.query.clear()
        first = next(shown for shown in self.rows.values() if shown.error.text())
        first.control.setFocus()
        self._area.ensureWidgetVisible(first)

    def _filter(self, text: str) -> None:
        for shown in self.rows.values():
            shown.setVisible(shown.fits(text))
        shown_groups = {shown.info.group for shown in self.rows.values() if shown.fits(text)}
        for below, (part, names, words) in self._parts.items():
            if below not in self.rows:
                continue
            its = (self.rows[name] for name in names)
            fit = fits(text, words) or any(shown.fits(text) for shown in its)
            part.setVisible(fit)
            if fit:
                shown_groups.add(self.rows[below].info.group)
        for name, group in self._groups.items():
            if name != "Security":
                group.setVisible(name in shown_groups)
        self.pin.setVisible(self._may_set_pin and self.pin.fits(text))
        self.nothing.setVisible(
            self.complete and not any(not group.isHidden() for group in self._groups.values())
        )

    def _tell(self) -> None:
        edited = self._edited
        self.save_bar.setVisible(bool(edited))
        self._show_picture()
        titles = ", ".join(self.rows[name].info.title for name in edited)
        self.unsaved_text.setText(_("Not saved yet: {titles}").format(titles=titles))
