"""One person: details, group and dates, PIN, photos, when last seen, rota and absences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from kiosk.domain.audit import Action
from kiosk.domain.decision import Decision
from kiosk.domain.errors import AlreadyExists
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person, Template
from kiosk.domain.records import EventFilter, Records
from kiosk.domain.roles import Sight, StaffRole
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.people.membership import Membership
from kiosk.ui.admin.people.plans import PersonPlans
from kiosk.ui.admin.people.privacy import PersonPrivacy
from kiosk.ui.admin.people.role import PersonRole
from kiosk.ui.admin.widgets.controls import Banner, Button, label
from kiosk.ui.admin.widgets.fields import Field, ask_for_number
from kiosk.ui.admin.widgets.formats import day, moment
from kiosk.ui.admin.widgets.labels import ElidedLabel
from kiosk.ui.admin.widgets.layouts import column, emptied, rescale, row, spaced
from kiosk.ui.admin.widgets.pictures import Thumbnail
from kiosk.ui.admin.widgets.sheets import Sheet, confirm
from kiosk.ui.admin.widgets.words import OUTCOMES, quality_word
from kiosk.ui.common.work import sentence


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """What the database knows of a person."""

    person: Person
    templates: tuple[Template, ...]
    last: Decision | None
    crops: Mapping[int, bytes]
    """The small pictures (JPEG) of the photos that have one, by the template's id."""
    groups: tuple[str, ...]
    """All that people of the site belong to."""
    role: StaffRole | None


def read_about(storage: Records, person_id: int) -> About:
    """For the worker."""
    last = storage.events.query(EventFilter(person_id=person_id), limit=1)
    return About(
        storage.people.get(person_id),
        storage.people.templates_of(person_id),
        last[0] if last else None,
        storage.people.crops_of(person_id),
        tuple(sorted({person.group for person in storage.people.find() if person.group})),
        storage.roles.get(person_id),
    )


class PersonSheet(Sheet):
    """``changed`` brings a sentence for the page, or nothing where none is needed; ``deleted``
    asks the page to delete the person."""

    changed = Signal(str)
    deleted = Signal(object)

    def __init__(self, context: PageContext, person: Person) -> None:
        super().__init__(person.name, width=62)
        self._context = context
        self.person = person
        self._templates: tuple[Template, ...] = ()
        self._crops: Mapping[int, bytes] = {}
        self.name = QLineEdit(person.name)
        self.number = QLineEdit(person.staff_number or "")
        for field in (self.name, self.number):
            # What is longer than its field is read from the beginning.
            field.setCursorPosition(0)
        self.name_field = Field(_("Name"), self.name)
        self.number_field = Field(_("Staff number"), self.number)
        self.enabled = QCheckBox(_("May be let in"))
        self.enabled.setAccessibleName(_("May be let in"))
        self.enabled.setChecked(person.enabled)
        self.membership = Membership(person)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setPlaceholderText(_("4 to 12 digits"))
        self.pin_field = Field(
            _("Own PIN"), self.pin, _("The other way in, when the face is refused.")
        )
        may = context.may
        self.set_pin = Button(_("Set PIN"), self._set_pin)
        self.remove_pin = Button(_("Remove PIN"), self._remove_pin)
        if not may(Action.SET_PIN):
            self.pin_field.hide()
        self.seen = label("", "muted", wrap=True)
        self.note = Banner()
        self.plans = PersonPlans(context, person, self.note)
        if not (context.site.settings().attendance and context.sees(Sight.PLANS)):
            self.plans.hide()
        self.role = PersonRole(context, person, self.note)
        if not context.sees(Sight.SETTINGS):
            self.role.hide()
        self.role.changed.connect(self.read)
        self.privacy = PersonPrivacy(context, person, self.note)
        self.privacy.changed.connect(self._deleted)
        self.privacy.erased.connect(self._erased)
        self._rows: QVBoxLayout = column(gap=1)
        self.template_head = label(_("Photos"), "heading")
        changes = may(Action.CHANGE_PERSON)
        self.save = Button(_("Save"), self._save, kind="primary", allowed=changes)
        self._build()
        for edit in (self.name, self.number):
            edit.setReadOnly(not changes)
        for part in (self.enabled, self.membership):
            part.setEnabled(changes)
        ask_for_number(self.name, self.number, self.number_field)
        for changed in (self.name.textChanged, self.number.textChanged, self.enabled.toggled):
            changed.connect(lambda *_: self._touched())
        self.membership.changed.connect(self._touched)
        self.pin.textChanged.connect(lambda text: self.set_pin.setEnabled(bool(text)))
        self._show_person()
        self.read()

    def read(self) -> None:
        """Read everything anew."""
        storage, person_id = self._context.site.records, self.person.id
        self._ask(lambda: read_about(storage, person_id), self._show)

    def _build(self) -> None:
        fields = row(self.name_field, self.number_field, gap=4)
        fields.setStretch(0, 2)
        fields.setStretch(1, 1)
        pins = row(self.pin, self.set_pin, self.remove_pin, gap=2)
        pins.setStretch(0, 1)
        # The field's own layout holds its control; the buttons belong beside it.
        layout = self.pin_field.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertLayout(1, pins)
        add = Button(
            _("Add photos"),
            self._enrol,
            icon="plus",
            allowed=self._context.may(Action.ADD_TEMPLATES),
        )
        head = row(self.template_head, 1, add)
        parts = (
            *(self.note, fields, self.membership, self.enabled, self.seen, self.pin_field),
            *(head, self._rows, self.plans, self.role, self.privacy),
        )
        for part in parts:
            if isinstance(part, QWidget):
                self.body.addWidget(part)
            else:
                self.body.addLayout(part)
        self.delete = Button(
            _("Delete person"),
            self._confirm_delete,
            kind="danger",
            icon="trash-2",
            allowed=self._context.may(Action.DELETE_PERSON),
        )
        # Not before it is known what would be lost.
        self.delete.setEnabled(False)
        self.buttons.insertWidget(0, self.delete)
        changes = self._context.may(Action.CHANGE_PERSON)
        self.buttons.addWidget(Button(_("Cancel") if changes else _("Close"), self.dismiss))
        self.buttons.addWidget(self.save)

    def _ask(self, op: Callable[[], Any], success: Callable[[Any], object]) -> None:
        self._context.worker.submit(op, success, self._fail, owner=self)

    def _deleted(self) -> None:
        self.changed.emit("")
        self.read()

    def _erased(self, news: str) -> None:
        self.changed.emit(news)
        self.dismiss()

    def _fail(self, error: BaseException) -> None:
        self.note.say(sentence(error))

    def _show(self, about: About) -> None:
        self.person, self._templates, self._crops = about.person, about.templates, about.crops
        self.membership.suggest(about.groups)
        self.role.show_role(about.role, about.groups)
        self.delete.setEnabled(True)
        self._show_person()
        last = about.last
        since = day(self.person.created_at.astimezone().date())
        if not self._context.sees(Sight.LOG):
            self.seen.setText(_("Enrolled {day}.").format(day=since))
        elif last is None:
            self.seen.setText(_("Enrolled {day}. Not seen by the kiosk yet.").format(day=since))
        else:
            self.seen.setText(
                _("Enrolled {day}. Last seen {moment}: {outcome}.").format(
                    day=since, moment=moment(last.at), outcome=_(OUTCOMES[last.outcome])
                )
            )
        self.template_head.setText(counted("{count} photo", "{count} photos", len(self._templates)))
        self._show_templates()

    def _show_person(self) -> None:
        self.title.setText(self.person.name)
        self.remove_pin.setVisible(self.person.has_pin)
        self.set_pin.setText(_("Change PIN") if self.person.has_pin else _("Set PIN"))
        self.set_pin.setEnabled(bool(self.pin.text()))
        self._touched()

    def _show_templates(self) -> None:
        emptied(self._rows)
        if not self._templates:
            text = _("Without a photo the face can't be recognised: add some.")
            self._rows.addWidget(label(text, "warn", wrap=True))
        else:
            self._rows.addWidget(self._template_grid())
        rescale(self, self._context.sheets.scale)

    def _template_grid(self) -> QWidget:
        whole = QWidget()
        grid = QGridLayout()
        spaced(grid, 2)
        grid.setColumnStretch(3, 1)
        for line, template in enumerate(self._templates):
            word = quality_word(template.quality)
            quality = label(_("Quality: {word}").format(word=word))
            tip = _("{quality:.2f} of 1: size, light, sharpness and pose together.")
            quality.setToolTip(tip.format(quality=template.quality))
            source = ElidedLabel(f"{template.source}  ·  {template.encoder_id}", "muted")
            gone = Button(
                _("Delete the photo from {source}").format(source=template.source),
                partial(self._confirm_template, template),
                kind="quiet",
                icon="trash-2",
                words=False,
                allowed=self._context.may(Action.DELETE_TEMPLATE),
            )
            crop = self._crops.get(template.id)
            if crop is not None:
                picture = Thumbnail(name=_("Photo from {source}").format(source=template.source))
                picture.show_jpeg(crop)
                grid.addWidget(picture, line, 0)
            grid.addWidget(quality, line, 1)
            grid.addWidget(label(day(template.created_at.astimezone().date())), line, 2)
            grid.addWidget(source, line, 3)
            grid.addWidget(gone, line, 4)
        whole.setLayout(grid)
        return whole

    def _edited(self) -> Person:
        return replace(
            self.membership.applied(self.person),
            name=self.name.text(),
            staff_number=self.number.text().strip() or None,
            enabled=self.enabled.isChecked(),
        )

    def _touched(self) -> None:
        self.name_field.set_error("")
        self.number_field.set_error("")
        self.save.setEnabled(self._edited() != self.person)

    def _save(self) -> None:
        actor = self._context.actor
        if not self.membership.check():
            return
        people, edited = self._context.site.admin.people, self._edited()

        def done(person: Person) -> None:
            self.changed.emit(_("{name} is saved.").format(name=isolated(person.name)))
            self.dismiss()

        def failed(error: BaseException) -> None:
            beside = self.number_field if _about_number(error) else self.name_field
            beside.set_error(sentence(error))

        self._context.worker.submit(lambda: people.change(actor, edited), done, failed, owner=self)

    def _set_pin(self) -> None:
        actor = self._context.actor
        people, person_id, pin = self._context.site.admin.people, self.person.id, self.pin.text()

        def done(_nothing: None) -> None:
            self.pin.clear()
            self.pin_field.set_error("")
            self._say(_("The PIN is set."))

        def failed(error: BaseException) -> None:
            self.pin_field.set_error(sentence(error))

        self._context.worker.submit(
            lambda: people.set_pin(actor, person_id, pin), done, failed, owner=self
        )

    def _remove_pin(self) -> None:
        actor = self._context.actor
        people, person_id = self._context.site.admin.people, self.person.id
        self._ask(
            lambda: people.set_pin(actor, person_id, None),
            lambda _: self._say("PIN removed."),
        )

    def _say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        self.note.say(text, good=True, act="Undo" if undo else "", action=undo)
        self.changed.emit("")
        self.read()

    def _enrol(self) -> None:
        from kiosk.ui.admin.enrol.start import EnrolMore

        sheet = EnrolMore(self._context, self.person)

        def added(news: str) -> None:
            self.changed.emit(news)
            self.read()

        sheet.changed.connect(added)
        self._context.sheets.open(sheet)

    def _confirm_template(self, template: Template) -> None:
        actor = self._context.actor
        people = self._context.site.admin.people
        left = len(self._templates) - 1
        rest = counted("{count} other will be left.", "{count} others will be left.", left)
        if not left:
            rest = _("It is the last one: the face of {name} will not be recognised.").format(
                name=isolated(self.person.name)
            )

        crop = self._crops.get(template.id)

        def bring_back() -> None:
            self._ask(
                lambda: people.restore_template(actor, template, crop),
                lambda done: self._say(_("The photo is back.")),
            )

        def delete() -> None:
            self._ask(
                lambda: people.delete_template(actor, template),
                lambda done: self._say(_("The photo is deleted."), bring_back),
            )

        confirm(
            self._context.sheets,
            _("Delete the photo from {source}?").format(source=template.source),
            rest,
            _("Delete photo"),
            delete,
        )

    def _confirm_delete(self) -> None:
        person = self.person
        photos = counted("{count} photo", "{count} photos", len(self._templates))
        question = _("Delete {name} and their {photos}?")
        question = question.format(name=isolated(person.name), photos=photos)

        def agreed() -> None:
            self.dismiss()
            self.deleted.emit(person)

        confirm(
            self._context.sheets,
            question,
            _("Their log entries and clock events stay. It can be undone for 10 seconds."),
            _("Delete person"),
            agreed,
        )


def _about_number(error: BaseException) -> bool:
    return isinstance(error, AlreadyExists) or "staff number" in str(error)
