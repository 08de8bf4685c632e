"""What a person agreed to, when what of them ends, and what they may ask for, on their sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.audit import Action
from kiosk.domain.consent import Consent
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.domain.retention import End, Kept, until_deleted
from kiosk.services.admin.consents import Withdrawn, wording_in_force
from kiosk.services.privacy.erasure import Receipt
from kiosk.services.privacy.own_data import OwnData
from kiosk.services.privacy.retention import ends
from kiosk.services.private_files import write_private
from kiosk.services.site import Site
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Banner, Button, label
from kiosk.ui.admin.widgets.files import choose_save
from kiosk.ui.admin.widgets.formats import day
from kiosk.ui.admin.widgets.layouts import column, row
from kiosk.ui.admin.widgets.sheets import Sheet, confirm
from kiosk.ui.common.work import sentence


@dataclass(frozen=True, slots=True)
class Agreement:
    """The newest consent of somebody, the version in force, and what there is of them."""

    newest: Consent | None
    version: str
    ends: tuple[End, ...]


def read_agreement(site: Site, person: Person) -> Agreement:
    """For the worker."""
    records = site.records
    newest = next(iter(records.consents.of(person.id)), None)
    return Agreement(newest, wording_in_force(records).version, ends(records, person))


def consent_words(agreement: Agreement) -> str:
    """Whether they agreed, in a sentence."""
    newest = agreement.newest
    if newest is None:
        return _("Not on record that they agreed to have their face compared.")
    if not newest.stands:
        assert newest.withdrawn_at is not None
        return _("Withdrawn on {day}.").format(day=day(newest.withdrawn_at.astimezone().date()))
    told = _("Agreed on {day}, {how}, to version {version}.").format(
        day=day(newest.given_at.astimezone().date()),
        how=_(newest.how),
        version=newest.wording.version,
    )
    if newest.wording.version != agreement.version:
        told += " " + _("The text is another one now.")
    return told


_WORDS = {
    Kept.REFUSED: lambda count: counted("{count} refusal", "{count} refusals", count),
    Kept.ALLOWED: lambda count: counted("{count} entry", "{count} entries", count),
    Kept.ATTENDANCE: lambda count: counted("{count} row of hours", "{count} rows of hours", count),
    Kept.REQUESTS: lambda count: counted("{count} request", "{count} requests", count),
    Kept.FACES: lambda count: counted("{count} photo", "{count} photos", count),
}


def end_words(end: End) -> str:
    """How much of a kind there is, and when the oldest of it goes."""
    what = _WORDS[end.kind](end.count)
    if end.ends is not None:
        return _("{what}, the oldest until {day}").format(what=what, day=day(end.ends))
    if end.days and end.kind is Kept.FACES:
        return _("{what}, {days} after the last day").format(
            what=what, days=counted("{count} day", "{count} days", end.days)
        )
    return f"{what}, {until_deleted(end.count)}"


class PersonPrivacy(QWidget):
    """Reads itself; ``banner`` is where news stand. ``changed`` says that photos were deleted,
    ``erased`` brings a sentence: the person is gone."""

    changed = Signal()
    erased = Signal(str)

    def __init__(self, context: PageContext, person: Person, banner: Banner) -> None:
        super().__init__()
        self._context = context
        self._person = person
        self._banner = banner
        self.consent = label("", "muted", wrap=True)
        self.kept = label("", "muted", wrap=True)
        may = context.may
        self.hand_out = Button(
            _("Write out their data"),
            self._choose,
            icon="download",
            allowed=may(Action.HAND_OUT_DATA),
        )
        self.withdraw = Button(
            _("Withdraw consent"), self._ask_withdraw, allowed=may(Action.WITHDRAW_CONSENT)
        )
        self.erase = Button(
            _("Erase with a receipt"),
            self._ask_erase,
            kind="danger",
            allowed=may(Action.ERASE_PERSON),
        )
        self.setLayout(
            column(
                label(_("Data protection"), "heading"),
                self.consent,
                self.kept,
                row(self.hand_out, self.withdraw, self.erase, 1, gap=2),
                gap=2,
            )
        )
        self.read()

    def read(self) -> None:
        """Read everything anew."""
        site, person = self._context.site, self._person
        self._context.worker.submit(
            lambda: read_agreement(site, site.records.people.get(person.id)),
            self._show,
            lambda error: None,  # the sheet says what is wrong
            owner=self,
        )

    def _show(self, agreement: Agreement) -> None:
        self.consent.setText(consent_words(agreement))
        there = [end_words(end) for end in agreement.ends if end.count]
        self.kept.setText(
            _("Kept: {what}.").format(what="; ".join(there)) if there else _("Nothing is kept yet.")
        )
        photos = sum(end.count for end in agreement.ends if end.kind is Kept.FACES)
        stands = agreement.newest is not None and agreement.newest.stands
        self.withdraw.setEnabled(bool(photos) or stands)

    def _choose(self) -> None:
        name = _("data of no. {number}").format(number=self._person.id)
        title = _("All that is kept of them, as PDF; the same for programs is put beside it")
        choose_save(self, title, f"{name}.pdf", self.write, "pdf")

    def write(self, path: Path) -> None:
        """Write all that is kept of the person, for people and for programs."""
        admin, actor, person_id = self._context.site.admin, self._context.actor, self._person.id

        def hand_out() -> OwnData:
            from kiosk.ui.common.own_data_pages import own_data_pdf

            data = admin.own_data.hand_out(actor, person_id)
            write_private(path, own_data_pdf(data))
            write_private(path.with_suffix(".json"), data.json)
            return data

        self._do(
            hand_out,
            lambda data: self._banner.say(
                _("Written: {path}, and .json beside it.").format(path=path), good=True
            ),
        )

    def _ask_withdraw(self) -> None:
        confirm(
            self._context.sheets,
            _("Withdraw the consent of {name}?").format(name=isolated(self._person.name)),
            _(
                "All photos of their face are deleted at once, which can't be undone. Name, PIN, "
                "hours and log stay; a PIN opens the same door."
            ),
            _("Withdraw consent"),
            self._withdraw,
        )

    def _withdraw(self) -> None:
        admin, actor, person_id = self._context.site.admin, self._context.actor, self._person.id

        def done(withdrawn: Withdrawn) -> None:
            self._banner.say(withdrawn.sentence, good=True)
            self.changed.emit()
            self.read()

        self._do(lambda: admin.consents.withdraw(actor, person_id), done)

    def _ask_erase(self) -> None:
        confirm(
            self._context.sheets,
            _("Erase {name}?").format(name=isolated(self._person.name)),
            _(
                "The person, all photos and the PIN are deleted, and the name is taken from the "
                "log, requests and the audit trail. Hours stay as long as the law asks. It can't "
                "be undone. A receipt follows."
            ),
            _("Erase for good"),
            self._erase,
        )

    def _erase(self) -> None:
        admin, actor, person_id = self._context.site.admin, self._context.actor, self._person.id

        def done(receipt: Receipt) -> None:
            self.erased.emit(_("{name} is erased.").format(name=isolated(receipt.person.name)))
            self._context.sheets.open(ReceiptSheet(self._context, receipt))

        self._do(lambda: admin.erasures.erase(actor, person_id), done)

    def _do(self, act: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._context.worker.submit(
            act, done, lambda error: self._banner.say(sentence(error)), owner=self
        )


class ReceiptSheet(Sheet):
    """What was erased and what stays, to be handed over. Once it is closed nobody has it."""

    def __init__(self, context: PageContext, receipt: Receipt) -> None:
        super().__init__(_("Receipt"), width=60)
        self._context = context
        self.receipt = receipt
        self.banner = Banner()
        self.body.addWidget(self.banner)
        for number, line in enumerate(receipt.text):
            self.body.addWidget(label(line, "" if number == 0 else "muted", wrap=True))
        self.save = Button(_("Save as text"), self._choose, kind="primary", icon="download")
        self.buttons.addWidget(Button(_("Close"), self.dismiss))
        self.buttons.addWidget(self.save)

    def _choose(self) -> None:
        name = _("receipt no. {number}").format(number=self.receipt.person.id)
        choose_save(self, _("Save the receipt"), f"{name}.txt", self.write, "txt")

    def write(self, path: Path) -> None:
        """Write it as text."""
        text = "\n".join(self.receipt.text) + "\n"
        self._context.worker.submit(
            lambda: write_private(path, text.encode()),
            lambda _none: self.banner.say(_("Saved as {path}.").format(path=path), good=True),
            lambda error: self.banner.say(sentence(error)),
            owner=self,
        )
