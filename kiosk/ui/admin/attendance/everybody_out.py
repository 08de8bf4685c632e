"""Have everybody gone at one time who forgot to clock out, or some of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from kiosk.domain.attendance import ClockEvent
from kiosk.domain.hours.inside import Inside, Present
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.services.admin.corrections import LONGEST_REASON, Outs
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.event_form import shown, typed
from kiosk.ui.admin.attendance.news import Done
from kiosk.ui.admin.attendance.people_picker import PeoplePicker
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import Field, moment_edit
from kiosk.ui.admin.widgets.formats import local_clock
from kiosk.ui.admin.widgets.layouts import emptied
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence

USUAL_END = time(17)
"""What is offered once it has passed."""


def read_people(site: Site, present: Sequence[Present]) -> tuple[Person, ...]:
    """Those of them who are enrolled yet, for the worker."""
    ids = {one.event.person_id for one in present}
    return tuple(person for person in site.records.people.find() if person.id in ids)


def likely(now: datetime) -> datetime:
    """When everybody went, as far as the clock tells: at the usual end, or now (both local)."""
    end = now.replace(hour=USUAL_END.hour, minute=0, second=0, microsecond=0)
    return end if end <= now else now.replace(second=0, microsecond=0)


class EverybodyOut(Sheet):
    """``changed`` brings a ``Done``. Whoever came too long ago is not chosen at first."""

    changed = Signal(object)

    def __init__(
        self, context: PageContext, people: Sequence[Person], present: Sequence[Present]
    ) -> None:
        super().__init__(_("Everybody out"), width=58)
        self._context = context
        self._comings = {one.event.person_id: one.event for one in present}
        self.at = moment_edit(shown(likely(datetime.now().astimezone())))
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setPlaceholderText(_("Such as: the kiosk was off, a fire drill"))
        self.first = self.reason
        self.at_field = Field(_("Everybody went out at"), self.at)
        help = _("Whoever reads their sheets sees it beside the event.")
        self.reason_field = Field(_("Why"), self.reason, help)
        self.picker = PeoplePicker(people, _recent(present))
        for part in (self.at_field, self.reason_field, self.picker):
            self.body.addWidget(part)
        self.save = Button(_("Clock them out"), self._save, kind="primary", icon="log-out")
        self.cancel = Button(_("Cancel"), self.dismiss)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.save)
        self.picker.changed.connect(self._chosen)
        self.reason.textChanged.connect(lambda _: self.reason_field.set_error(""))
        self._chosen()

    def _chosen(self) -> None:
        self.save.setEnabled(bool(self.picker.chosen))

    def _save(self) -> None:
        at, why, comings = typed(self.at), self.reason.text(), self._comings
        chosen = [comings[person.id] for person in self.picker.chosen]
        site = self._context.site
        self.save.setEnabled(False)

        def act() -> Outs:
            longest = site.attendance().longest
            return site.admin.corrections.everybody_out(site.actor, chosen, at, why, longest)

        self._context.worker.submit(
            act, lambda outs: self._done(outs, at), self._failed, owner=self
        )

    def _done(self, outs: Outs, at: datetime) -> None:
        actor = self._context.actor
        acts = self._context.site.admin.corrections

        def undo() -> None:
            for event in outs.done:
                acts.undo(actor, event)

        text = counted(
            "{count} person was clocked out at {time}.",
            "{count} people were clocked out at {time}.",
            len(outs.done),
            time=local_clock(at),
        )
        self.changed.emit(Done(text, undo if outs.done else None))
        if outs.left:
            self._report(text, outs.left)
        else:
            self.dismiss()

    def _report(self, text: str, left: Sequence[tuple[ClockEvent, str]]) -> None:
        """Who was not clocked out, and why."""
        emptied(self.body)
        self.body.addWidget(label(text, "heading", wrap=True))
        not_done = counted("{count} person was not:", "{count} people were not:", len(left))
        self.body.addWidget(label(not_done, "label", wrap=True))
        for came, why in left:
            line = _("{name}: {why}").format(name=isolated(came.person_name), why=why)
            self.body.addWidget(label(line, wrap=True))
        self.save.hide()
        self.cancel.setText(_("Close"))
        self.cancel.setAccessibleName(_("Close"))
        self.cancel.setFocus()

    def _failed(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self.reason_field.set_error(sentence(error))


def _recent(present: Sequence[Present]) -> Collection[int]:
    return {one.event.person_id for one in present if one.inside is not Inside.UNKNOWN}
