"""The first step of enrolling: who it is, and where the face comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from kiosk.domain.errors import AlreadyExists
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.services.enrol.target import Target, check_target
from kiosk.ui.admin.enrol.consent import ConsentBox
from kiosk.ui.admin.enrol.files import EnrolFiles, EnrolFolder
from kiosk.ui.admin.enrol.live import EnrolLive
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field, ask_for_number
from kiosk.ui.admin.widgets.files import choose_folder, choose_pictures
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence


class EnrolStart(Sheet):
    """For somebody new. ``changed`` brings the good news."""

    changed = Signal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__(_("Enrol somebody"), width=54)
        self._context = context
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("First and last name"))
        self.first = self.name
        self.number = QLineEdit()
        self.number.setPlaceholderText(_("May stay empty"))
        self.name_field = Field(_("Name"), self.name)
        self.number_field = Field(
            _("Staff number"), self.number, _("What the person types where a face is not enough.")
        )
        self.live = _choice(_("Look into the camera"), "camera", self._to_camera)
        self.live.setProperty("kind", "primary")
        self.files = _choice(_("Choose pictures of the person"), "image", self._to_files)
        self.folder = _choice(_("A whole folder of people instead"), "folder", self.choose_folder)
        self.consent = ConsentBox(context)
        for part in (self.name_field, self.number_field, self.consent, self.live, self.files):
            self.body.addWidget(part)
        self.age = label("", "muted", wrap=True)
        self.age.hide()
        self.body.addWidget(self.age)
        context.worker.submit(
            lambda: context.site.encoder().curve.youngest,
            self._say_age,
            lambda error: None,  # told where the face is to be taken
            owner=self,
        )
        self.body.addSpacing(8)
        self.body.addWidget(label(_("Many at once"), "label"))
        hint = _(
            "A folder a person, with or without the staff number: 1001 Mia Chen/1.jpg. Or files "
            "named by the number, 1001.jpg, and a people.csv with the columns number and name."
        )
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.body.addWidget(self.folder)
        self.name.textChanged.connect(lambda _: self.name_field.set_error(""))
        self.number.textChanged.connect(lambda _: self.number_field.set_error(""))
        ask_for_number(self.name, self.number, self.number_field)
        self.name.returnPressed.connect(self.number.setFocus)
        self.number.returnPressed.connect(self._to_camera)

    def _say_age(self, youngest: int) -> None:
        self.age.setText(too_young(youngest))
        self.age.setVisible(youngest > 0)

    def enrol_files(self, paths: list[Path]) -> None:
        """Go on with picture files."""
        how = self.consent.how
        self._checked(lambda target: self._open(EnrolFiles(self._context, target, paths, how)))

    def enrol_folder(self, folder: Path) -> None:
        """Go on with a folder of people, all of whom agree where one is said to."""
        self._open(EnrolFolder(self._context, folder, self.consent.how))

    def choose_folder(self) -> None:
        if self.consent.missing():
            return
        choose_folder(self, _("Folder of people"), self.enrol_folder)

    def _to_camera(self) -> None:
        how = self.consent.how
        self._checked(lambda target: self._open(EnrolLive(self._context, target, how)))

    def _to_files(self) -> None:
        self._checked(
            lambda target: choose_pictures(self, _("Pictures of one person"), self.enrol_files)
        )

    def _checked(self, go: Callable[[Target], object]) -> None:
        if self.consent.missing():
            return
        site, name, number = self._context.site, self.name.text(), self.number.text()

        def failed(error: BaseException) -> None:
            about_number = isinstance(error, AlreadyExists) or "staff number has" in str(error)
            field = self.number_field if about_number else self.name_field
            field.set_error(sentence(error))
            field.control.setFocus()

        self._context.worker.submit(
            lambda: check_target(site.records, name, number), go, failed, owner=self
        )

    def _open(self, sheet: EnrolLive | EnrolFiles | EnrolFolder) -> None:
        _follow(self, sheet)
        self._context.sheets.open(sheet)


def too_young(youngest: int) -> str:
    """Whom the kiosk may mistake for others, said where a face is enrolled."""
    return _(
        "The number of strangers let in holds for people of {age} and older. Children look more "
        "alike to the kiosk: give them a PIN instead."
    ).format(age=youngest)


class EnrolMore(Sheet):
    """More templates for somebody enrolled."""

    changed = Signal(str)

    def __init__(self, context: PageContext, person: Person) -> None:
        super().__init__(_("More photos of {name}").format(name=isolated(person.name)), width=50)
        self._context = context
        self._target = Target(person.name, person.staff_number, person.id)
        self.live = _choice(_("Look into the camera"), "camera", self._to_camera)
        self.live.setProperty("kind", "primary")
        self.files = _choice(_("Choose pictures of the person"), "image", self._choose)
        self.consent = ConsentBox(context)
        for part in (self.consent, self.live, self.files):
            self.body.addWidget(part)

    def enrol_files(self, paths: list[Path]) -> None:
        """Go on with picture files."""
        sheet = EnrolFiles(self._context, self._target, paths, self.consent.how)
        _follow(self, sheet)
        self._context.sheets.open(sheet)

    def _to_camera(self) -> None:
        sheet = EnrolLive(self._context, self._target, self.consent.how)
        _follow(self, sheet)
        self._context.sheets.open(sheet)

    def _choose(self) -> None:
        choose_pictures(self, _("Pictures of one person"), self.enrol_files)


def _follow(start: EnrolStart | EnrolMore, sheet: EnrolLive | EnrolFiles | EnrolFolder) -> None:
    """The first step is over once the second has brought something."""

    def done(news: str) -> None:
        start.changed.emit(news)
        start.dismiss()

    sheet.changed.connect(done)


def _choice(text: str, icon: str, clicked: Callable[[], object]) -> Button:
    return Button(text, clicked, icon=icon)
