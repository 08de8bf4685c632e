"""People: who is enrolled, found by name or number, and the ways to enrol more."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget

from kiosk.domain.audit import Action
from kiosk.domain.language import _, marked
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.ui.admin.enrol.start import EnrolStart
from kiosk.ui.admin.log.filters import TYPING
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.people.group_filter import GroupFilter
from kiosk.ui.admin.people.model import Card, CardsView, PeopleModel, read_cards
from kiosk.ui.admin.people.sheet import PersonSheet
from kiosk.ui.admin.widgets.controls import Button, Chips, Empty, label
from kiosk.ui.admin.widgets.fields import Search
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.words import counted

GRACE = 10_000
"""Milliseconds for which a deletion can be undone."""
_CHIPS = (
    ("all", marked("All")),
    ("enabled", marked("Enabled")),
    ("disabled", marked("Disabled")),
    ("none", marked("No photo")),
)


class PeoplePage(Page):
    """Cards, a search and chips; a card opens the person's sheet."""

    title = marked("People")

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._cards: tuple[Card, ...] = ()
        self._searched = ""
        self.query = Search(_("Search by name or staff number"))
        self.chips = Chips([(key, _(text)) for key, text in _CHIPS], _("Show"))
        self.groups = GroupFilter()
        self.count = label("", "muted")
        self.model = PeopleModel()
        self.cards = CardsView()
        self.cards.setModel(self.model)
        may = context.may(Action.ENROL)
        self.enrol_button = Button(
            _("Enrol somebody"), self.enrol, kind="primary", icon="user-plus", allowed=may
        )
        self.first_button = Button(
            _("Enrol the first person"), self.enrol, kind="primary", icon="user-plus", allowed=may
        )
        self.nobody = Empty(
            "users",
            _("Nobody is enrolled yet"),
            _(
                "The kiosk lets nobody in before somebody is. It takes half a minute: a name, and "
                "a look into the camera."
            ),
            self.first_button,
        )
        self.no_match = Empty(
            "search",
            _("No match"),
            _("Search for another name or number, or show everybody."),
            Button(_("Show everybody"), self.clear, icon="x"),
        )
        # Somebody who is about to be deleted, for as long as that can be undone.
        self._going: Person | None = None
        self._grace = QTimer(self, singleShot=True, interval=GRACE)
        self._grace.timeout.connect(self.settle)
        self.waiting = label("")
        self.stack = QStackedWidget()
        for part in (self.waiting, self.cards, self.nobody, self.no_match):
            self.stack.addWidget(part)
        self.head.addWidget(self.count)
        self.head.addWidget(self.enrol_button)
        self._filters = row(self.query, self.groups, gap=3)
        self._filters.setStretch(0, 1)
        self.body.addLayout(self._filters)
        self.body.addWidget(self.chips)
        self.body.addWidget(self.stack, 1)
        self._typing = QTimer(self, singleShot=True, interval=TYPING)
        self._typing.timeout.connect(self.refresh)
        self.query.textChanged.connect(lambda: self._typing.start())
        self.chips.changed.connect(lambda _: self._filter())
        self.groups.changed.connect(self._filter)
        self.cards.opened.connect(self._open)

    def refresh(self) -> None:
        site, text = self.context.site, self.query.text()

        def show(cards: tuple[Card, ...]) -> None:
            if text == self.query.text():
                self._cards, self._searched = cards, text.strip()
                if not self._searched:
                    self.groups.show_groups(card.person.group for card in cards)
                self._filter()

        self.ask(lambda: read_cards(site.records, site.encoder, text), show)

    def search(self) -> None:
        self.query.setFocus()
        self.query.selectAll()

    def back(self) -> bool:
        if self.query.text() or self.chips.chosen != "all" or self.groups.chosen is not None:
            self.clear()
            return True
        return False

    def narrow(self, narrow: bool) -> None:
        self.cards.fit()

    def settle(self) -> None:
        """Delete whoever is going: it can't be undone any more."""
        actor = self.context.actor
        person, erasures = self._going, self.context.site.admin.erasures
        if person is None:
            return
        self._going = None
        self._grace.stop()
        self.banner.hide()
        self.ask(lambda: erasures.delete(actor, person.id), lambda _: self.changed())

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self.settle()

    def delete(self, person: Person) -> None:
        """Delete somebody, which can be undone for some seconds."""
        self.settle()
        self._going = person
        self._filter()
        self._grace.start()
        text = _("{name} is deleted.").format(name=isolated(person.name))
        self.banner.say(text, good=True, act=_("Undo"), action=self._keep)

    def _keep(self) -> None:
        self._going = None
        self._grace.stop()
        self._filter()

    def clear(self) -> None:
        """Show everybody."""
        self.query.clear()
        self.groups.choose(None)
        self.chips.choose("all")

    def enrol(self) -> None:
        """Open the wizard for somebody new."""
        if not self.context.may(Action.ENROL):
            return
        self.settle()
        sheet = EnrolStart(self.context)
        sheet.changed.connect(self.changed)
        self.context.sheets.open(sheet)

    def changed(self, news: str = "") -> None:
        """Somebody was enrolled, changed or deleted: the kiosk and the page read it anew."""
        self.context.site.submit(lambda engine: engine.reload())
        self.refresh()
        if news:
            self.banner.say(news, good=True)

    def _filter(self) -> None:
        chosen = self.chips.chosen
        fits = self.groups.fits
        cards = [c for c in self._cards if c.person != self._going and fits(c.person.group)]
        self.model.show(tuple(card for card in cards if card.fits(chosen)))
        for key, text in _CHIPS:
            fitting = sum(card.fits(key) for card in cards)
            self.chips.set_text(key, f"{_(text)}  {fitting:,}" if cards else _(text))
        self.count.setText(counted(len(self.model.cards), "person", "people"))
        nobody_at_all = not cards and not self._searched and self.groups.chosen is None
        if self.model.cards:
            self.stack.setCurrentWidget(self.cards)
        else:
            self.stack.setCurrentWidget(self.nobody if nobody_at_all else self.no_match)
        for part in (self.query, self.chips, self.count, self.enrol_button):
            part.setVisible(not nobody_at_all)
        self.groups.setVisible(self.groups.any)

    def _open(self, card: Card) -> None:
        sheet = PersonSheet(self.context, card.person)
        sheet.changed.connect(self.changed)
        sheet.deleted.connect(self.delete)
        self.context.sheets.open(sheet)
