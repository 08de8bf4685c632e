"""Liveness: what keeps photos out at this door, and how well."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.domain.audit import Action
from kiosk.domain.errors import KioskError
from kiosk.domain.language import _, marked
from kiosk.domain.liveness.drill import Conditions, Drill, Kind
from kiosk.domain.liveness.drill_words import owed_sentence
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.live_visits import LiveVisits, live_visits
from kiosk.services.drill import DrillSession, last_drill, owed_kinds
from kiosk.services.site import Site
from kiosk.ui.admin.liveness import words
from kiosk.ui.admin.liveness.order import Order, conditions
from kiosk.ui.admin.liveness.result import DrillResult, heading
from kiosk.ui.admin.liveness.setup import DrillSetup
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.widgets.controls import Button, IconLabel, card, label, scrolled
from kiosk.ui.admin.widgets.fields import Field
from kiosk.ui.admin.widgets.formats import local_moment
from kiosk.ui.admin.widgets.layouts import boxed, column, emptied, rescale, row
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.common.work import sentence
from kiosk.ui.kiosk.drill_words import Plan


@dataclass(frozen=True, slots=True)
class _Data:
    settings: Settings
    drill: Drill | None
    owed: frozenset[Kind]
    now: Conditions | None
    people: bool
    visits: LiveVisits


def _read(site: Site) -> _Data:
    try:
        now = conditions(site)
    except KioskError:
        now = None  # without an encoder nothing is compared, which the page About says
    return _Data(
        site.settings(),
        last_drill(site.records),
        owed_kinds(site.records),
        now,
        any(site.records.people.encoders().values()),
        live_visits(site.records, site.camera_name(), utc_now()),
    )


class LivenessPage(Page):
    """``drill_ordered`` asks for a drill at the door's page: an :class:`Order`; ``attacks_wanted``
    for the log of suspected attacks."""

    title = marked("Liveness")
    drill_ordered = Signal(object)
    attacks_wanted = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._data: _Data | None = None
        self.checked_icon = IconLabel("scan-face", 2, "accent")
        self.checked = label("", "heading", wrap=True)
        self.how = label("", wrap=True)
        self.light = label("", wrap=True)
        self.learned = label("", wrap=True)
        self.asked = label("", wrap=True)
        self.attacks = label("", wrap=True)
        self.see_attacks = Button(
            _("See them in the log"), self.attacks_wanted.emit, icon="scroll-text"
        )
        self.owed = label("", "error", wrap=True)
        self.lift = Button(
            _("Open by face again without a drill"),
            self._ask_why,
            allowed=context.may(Action.LIFT_DRILL),
        )
        self.drill_text = label("", wrap=True)
        self.outdated = label("", "warn", wrap=True)
        self.cannot = label("", "muted", wrap=True)
        self.show_last = Button(_("See everything"), self._show_last, icon="search")
        self.start = Button(
            _("Start a drill"),
            self.set_up,
            kind="primary",
            icon="scan-face",
            allowed=context.may(Action.BEGIN_DRILL),
        )
        self._verdict = column(gap=2)
        head = row(self.checked_icon, self.checked, gap=3)
        head.setStretch(1, 1)
        owed = column(self.owed, row(self.lift, 1), gap=2, pad=(5, 4))
        self.owed_card = boxed(owed, "card")
        content = QWidget()
        content.setLayout(
            column(
                self.owed_card,
                card(
                    boxed(head),
                    self.how,
                    self.light,
                    label(words.not_stopped(), "muted", wrap=True),
                    gap=2,
                ),
                card(
                    label(_("What it has learned here"), "heading"),
                    self.learned,
                    self.asked,
                    self.attacks,
                    boxed(row(self.see_attacks, 1)),
                    gap=2,
                ),
                card(
                    label(_("The last drill"), "heading"),
                    boxed(self._verdict),
                    self.drill_text,
                    self.outdated,
                    self.cannot,
                    boxed(row(self.start, self.show_last, 1, gap=2)),
                    gap=2,
                ),
                1,
                gap=3,
            )
        )
        self.body.addWidget(scrolled(content), 1)

    def refresh(self) -> None:
        site = self.context.site
        self.ask(lambda: _read(site), self._show)

    def set_up(self) -> None:
        """Ask what is to be tried."""
        self.context.sheets.open(DrillSetup(self._begin))

    def tell(self, result: Drill | BaseException) -> None:
        """A drill is over."""
        if isinstance(result, BaseException):
            self.fail(result)
            return
        records = self.context.site.records

        def show(owed: frozenset[Kind]) -> None:
            self.context.sheets.open(DrillResult(self.context, result, owed))

        self.ask(lambda: owed_kinds(records), show)

    def _show(self, data: _Data) -> None:
        self._data = data
        head, how = words.checked(data.settings)
        self.checked.setText(head)
        self.how.setText(how)
        for shown, text in (
            (self.light, words.light(data.settings)),
            (self.learned, words.learned(data.visits) if data.settings.liveness != "off" else ""),
            (self.asked, words.asked(data.visits, data.settings)),
            (self.attacks, words.attacks(data.visits)),
            (self.owed, owed_sentence(data.owed)),
            (self.outdated, self._why_outdated(data)),
            (self.cannot, self._why_not(data)),
        ):
            shown.setText(text)
            shown.setVisible(bool(text))
        self.see_attacks.setVisible(data.visits.attacks > 0)
        self.owed_card.setVisible(bool(data.owed))
        self.start.setEnabled(not self.cannot.text())
        self.show_last.setVisible(data.drill is not None)
        self._show_verdict(data.drill)

    def _show_verdict(self, drill: Drill | None) -> None:
        emptied(self._verdict)
        if drill is None:
            self.drill_text.setText(
                _(
                    "There was none yet. In a drill you hold photos and phones before the kiosk "
                    "and see what it lets in: about ten minutes, and only then you know."
                )
            )
            return
        self._verdict.addWidget(heading(drill))
        rescale(self, self.context.sheets.scale)
        told = [local_moment(drill.began)]
        told += [f"{_(words.KINDS[t.kind])}: {words.bound(t)}" for t in drill.tallies]
        self.drill_text.setText("\n".join(told))

    def _why_outdated(self, data: _Data) -> str:
        if data.drill is None or data.now is None:
            return ""
        changed = data.drill.outdated(data.now)
        if not changed:
            return ""
        return _("Since then something else is in use ({what}): repeat it.").format(
            what=", ".join(changed)
        )

    def _why_not(self, data: _Data) -> str:
        """Why no drill can begin; empty where one can."""
        if data.settings.liveness == "off":
            return _("Nothing is checked, so there is nothing to try: switch it on in Settings.")
        if not data.people:
            return _("Enrol somebody first: what is held up must be somebody's photo.")
        return "" if data.now is not None else _("No encoder is there: see About.")

    def _begin(self, plan: Plan) -> None:
        site = self.context.site

        def begin() -> DrillSession:
            return site.admin.drills.begin(site.actor, conditions(site))

        self.ask(begin, lambda session: self.drill_ordered.emit(Order(session, plan)))

    def _show_last(self) -> None:
        data = self._data
        if data is not None and data.drill is not None:
            self.context.sheets.open(DrillResult(self.context, data.drill, data.owed))

    def _ask_why(self) -> None:
        self.context.sheets.open(Lift(self))


class Lift(Sheet):
    """Why a face alone should open again although no drill was passed."""

    def __init__(self, page: LivenessPage) -> None:
        super().__init__(_("Open by face again without a drill?"), width=52)
        self._page = page
        self.body.addWidget(
            label(
                _("Photos were let in here. Until a drill is passed they may be let in again."),
                wrap=True,
            )
        )
        self.why = QLineEdit()
        self.field = Field(_("Reason, for whoever reads the audit trail"), self.why)
        self.body.addWidget(self.field)
        self.first = self.why
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.act = Button(_("Open by face again"), self._go, kind="danger")
        self.buttons.addWidget(self.act)

    def _go(self) -> None:
        page, why = self._page, self.why.text()
        drills, actor = page.context.site.admin.drills, page.context.actor

        def done(_none: None) -> None:
            self.dismiss()
            page.refresh()

        def failed(error: BaseException) -> None:
            self.field.set_error(sentence(error))

        page.ask(lambda: drills.lift(actor, why), done, failed)
