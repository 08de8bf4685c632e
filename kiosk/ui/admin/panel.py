"""The admin panel: a sidebar and up to seven pages, each imported and built when it is first shown;
whoever signed in finds those that their role may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStackedWidget, QToolButton, QWidget

from kiosk.domain.audit import Actor
from kiosk.domain.decision import Outcome
from kiosk.domain.language import _
from kiosk.domain.liveness.drill import Drill
from kiosk.domain.rights import role_of, shown
from kiosk.domain.roles import Role, named
from kiosk.domain.settings import SettingValue
from kiosk.services.access.pins import utc_now
from kiosk.services.clock_check import clock_warning
from kiosk.services.site import Site
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.pages import pages_for
from kiosk.ui.admin.widgets.controls import Banner, label, press
from kiosk.ui.admin.widgets.formats import moment
from kiosk.ui.admin.widgets.keyboard import Keyboard
from kiosk.ui.admin.widgets.labels import ElidedLabel
from kiosk.ui.admin.widgets.layouts import boxed, column, rescale, row
from kiosk.ui.admin.widgets.qss import style_sheet
from kiosk.ui.admin.widgets.sheets import SheetHost, confirm
from kiosk.ui.admin.widgets.sizes import panel_scale
from kiosk.ui.admin.widgets.style import colours, mark
from kiosk.ui.admin.widgets.touch import TouchTyping
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.icons import icon
from kiosk.ui.common.palette import Palette
from kiosk.ui.common.theme import BODY, appearance, font
from kiosk.ui.common.work import Worker

LAST_PAGE = "admin_page"
NARROW = 1000
"""Below this width at scale 1 the sidebar shrinks to icons over small words."""


FAULT_IS_NEWS = timedelta(days=1)
"""How long a fault is told of when the panel opens."""


class AdminPanel(QWidget):
    """Shown behind the PIN, to whoever the site is for (``Site.by``). ``closed`` asks to go back to
    the kiosk, ``quit_requested`` to end the program, ``drill_requested`` (an ``Order``) to begin a
    drill at the door's page. ``worker`` takes the database's work; long tasks and models have a
    thread of the panel's own, which ends with it."""

    closed = Signal()
    quit_requested = Signal()
    drill_requested = Signal(object)

    def __init__(
        self, site: Site, bridge: Bridge, worker: Worker, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("adminPanel")
        self.setAccessibleName(_("Admin panel"))
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        # The panel itself takes the keys until somebody tabs into it: no ring on the first button.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scale = 0.0
        self._palette: Palette | None = None
        self._narrow: bool | None = None
        self._pages: dict[str, Page] = {}
        self._site = site
        self._entries = {entry.key: entry for entry in pages_for(partial(shown, site.actor))}
        self._stack = QStackedWidget()
        self._sidebar = self._make_sidebar()
        whole = row(self._sidebar, self._stack, gap=0)
        whole.setStretch(1, 1)
        self._whole = boxed(whole)
        self.keyboard = Keyboard()
        self.alarm = Banner()
        outer = column(self.alarm, self._whole, self.keyboard, gap=0)
        outer.setStretch(1, 1)
        self.setLayout(outer)
        self.sheets = SheetHost(self, self._whole)
        self._typing = TouchTyping(
            self, self.keyboard, lambda: site.settings().screen_keyboard, lambda: self._scale
        )
        self.models = Worker(name="panel")
        self.destroyed.connect(partial(_end, self.models))
        self._context = PageContext(site, bridge, worker, self.models, self.sheets)
        self._shortcuts()
        self._apply_theme()
        appearance().changed.connect(self._apply_theme)
        stored = site.records.settings.load
        worker.submit(stored, self._begin, lambda _: self._begin({}), owner=self)

    @property
    def page(self) -> Page | None:
        """The page shown."""
        page = self._stack.currentWidget()
        return page if isinstance(page, Page) else None

    def open(self, key: str) -> Page:
        """Show a page and remember it."""
        page = self._pages.get(key)
        if page is None:
            # What is not in the sidebar is not to be seen: a KeyError is our own mistake.
            page = self._pages[key] = self._entries[key].make(self._context)
            self._hear(page)
            self._stack.addWidget(page)
            rescale(page, self._scale)
            page.narrow(bool(self._narrow))
        self._buttons[key].setChecked(True)
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            remember, last = self._context.site.admin.settings.remember, {LAST_PAGE: key}
            self._context.worker.submit(lambda: remember(last), lambda _: None, lambda _: None)
        if self.isVisible():
            page.refresh()
        return page

    def enrol(self) -> None:
        """Begin with enrolling somebody, as the kiosk's page was asked to."""
        if "people" not in self._entries:
            return
        page = self.open("people")
        enrol = getattr(page, "enrol", None)
        if enrol is not None:
            enrol()

    def show_recovery_code(self, code: str) -> None:
        """A new one: shown this once, and not in a demo, whose people are drawn."""
        from kiosk.ui.admin.settings.recovery import RecoverySheet

        if not self._site.demo:
            self.sheets.open(RecoverySheet(self._context, code))

    def show_attacks(self) -> None:
        """The log, narrowed to suspected attacks."""
        filters = getattr(self.open("log"), "filters", None)
        if filters is not None:
            filters.clear()
            filters.outcome.choose(Outcome.SUSPECTED_ATTACK.value)

    def tell_drill(self, result: Drill | BaseException) -> None:
        """A drill at the door's page is over: what came of it, or why it ended."""
        page = self.open("liveness")
        tell = getattr(page, "tell", None)
        if tell is not None:
            tell(result)

    def back(self) -> bool:
        """Escape: close what lies on top, else undo the page's last step."""
        return self.sheets.back() or (self.page is not None and self.page.back())

    def leave(self, go: Callable[[], object]) -> None:
        """Go, once nothing would be lost by it."""
        loss = next((page.unsaved for page in self._pages.values() if page.unsaved), "")
        if not loss:
            self._go(go)
            return

        def drop() -> None:
            for page in self._pages.values():
                page.drop()
            self._go(go)

        confirm(
            self.sheets, loss, _("Nothing of it has been stored yet."), _("Discard and leave"), drop
        )

    def _hear(self, page: Page) -> None:
        """What a page asks of the panel."""
        for name, slot in (
            ("drill_ordered", self.drill_requested),
            ("attacks_wanted", self.show_attacks),
        ):
            signal = getattr(page, name, None)
            if signal is not None:
                signal.connect(slot)

    def _go(self, go: Callable[[], object]) -> None:
        self.sheets.close_all()
        for page in self._pages.values():
            page.settle()
        # The worker does one thing after the other: what was submitted is done by then.
        self._context.worker.submit(lambda: None, lambda _: go(), owner=self)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                press(self.focusWidget())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        # The keys take their room from the page; the window never grows for them.
        return self._whole.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._apply_theme()

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._typing.watch(True)
        self.setFocus()
        self._look_for_alarms()
        if self.page is not None:
            self.page.refresh()

    def _look_for_alarms(self) -> None:
        """What whoever opens the panel must hear of: a clock in doubt, what failed last."""
        site = self._context.site
        if "about" not in self._entries:
            return  # nothing that they could do about it

        def show(text: str) -> None:
            if text:
                about = partial(self.open, "about")
                self.alarm.say(text, act=_("See everything"), action=about)
            else:
                self.alarm.hide()

        self._context.worker.submit(lambda: alarms(site), show, lambda _: None, owner=self)

    def hideEvent(self, event: QHideEvent, /) -> None:
        # Whoever comes next must not find what somebody was about to do.
        super().hideEvent(event)
        self._typing.watch(False)
        self.sheets.close_all()

    def closeEvent(self, event: QCloseEvent, /) -> None:
        super().closeEvent(event)
        self.models.close()

    def _begin(self, stored: Mapping[str, SettingValue]) -> None:
        if self.page is None:
            last = str(stored.get(LAST_PAGE, ""))
            self.open(last if last in self._entries else next(iter(self._entries)))

    def _make_sidebar(self) -> QWidget:
        group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        lines = column(gap=1, pad=(2, 4))
        for number, entry in enumerate(self._entries.values(), start=1):
            button = _side_button(_(entry.title), f"{_(entry.title)} (Ctrl+{number})")
            button.setCheckable(True)
            button.clicked.connect(partial(self._clicked, entry.key))
            group.addButton(button)
            self._buttons[entry.key] = button
            lines.addWidget(button)
        lines.addStretch(1)
        actor = self._site.actor
        back = _("Back to the kiosk") if actor.role is None else _("Sign out")
        if actor.role is not None:
            lines.addWidget(_signed_in(actor))
        self._leave = _side_button(back, back)
        self._leave.clicked.connect(lambda: self.leave(self.closed.emit))
        self._quit = _side_button(_("Quit the program"), _("Quit the program"))
        self._quit.clicked.connect(lambda: self.leave(self.quit_requested.emit))
        lines.addWidget(self._leave)
        if role_of(actor) is Role.ADMINISTRATOR:
            lines.addWidget(self._quit)
        bar = boxed(lines, "sidebar")
        bar.setAccessibleName(_("Pages"))
        return bar

    def _clicked(self, key: str, _checked: bool = False) -> None:
        self.open(key)

    def _shortcuts(self) -> None:
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for number, entry in enumerate(self._entries.values(), start=1):
            keys = QShortcut(QKeySequence(f"Ctrl+{number}"), self, context=here)
            keys.activated.connect(partial(self._jump, entry.key))
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, context=here)
        find.activated.connect(self._search)

    def _jump(self, key: str) -> None:
        # A sheet is a conversation that was begun: it is ended by Escape, not by the way.
        if self.sheets.top is None:
            self.open(key)

    def _search(self) -> None:
        if self.sheets.top is None and self.page is not None:
            self.page.search()

    def _apply_theme(self) -> None:
        """Bring everything to the theme in force and to the window's size."""
        scale = panel_scale(self.size(), self.screen().physicalDotsPerInch())
        narrow = self.width() / scale < NARROW
        if (scale, colours()) != (self._scale, self._palette):
            self._scale = self.sheets.scale = scale
            self._palette = colours()
            self.setFont(font(BODY * scale, tabular=True))
            self.setStyleSheet(style_sheet(colours(), scale))
            rescale(self, scale)
        elif narrow == self._narrow:
            return
        self._narrow = narrow
        self._dress_sidebar(narrow)
        for page in self._pages.values():
            page.narrow(narrow)

    def _dress_sidebar(self, narrow: bool) -> None:
        tone = colours()
        size = round((24 if narrow else 20) * self._scale)
        style = Qt.ToolButtonStyle
        entries = self._entries.values()
        buttons = [(self._buttons[entry.key], entry.icon, _(entry.title)) for entry in entries]
        back = _("Kiosk") if narrow else _("Back to the kiosk")
        if self._site.actor.role is not None:
            back = _("Sign out")
        buttons += [
            (self._leave, "arrow-left", back),
            (self._quit, "log-out", _("Quit") if narrow else _("Quit the program")),
        ]
        for button, name, text in buttons:
            button.setIcon(icon(name, tone.text, tone.muted, size))
            button.setIconSize(QSize(size, size))
            button.setText(text if narrow else f"  {text}")
            button.setToolButtonStyle(
                style.ToolButtonTextUnderIcon if narrow else style.ToolButtonTextBesideIcon
            )
            mark(button, narrow="true" if narrow else "false")
        self._sidebar.setFixedWidth(round((96 if narrow else 224) * self._scale))


def alarms(site: Site) -> str:
    """For the worker: what is wrong with the clock, and what failed in the last day."""
    now, fault = utc_now(), site.faults.last
    found = [clock_warning(site.records.events, now)]
    if fault is not None and now - fault.at < FAULT_IS_NEWS:
        found.append(
            _("At {time} this failed: {text}").format(time=moment(fault.at), text=fault.text)
        )
    return " ".join(text for text in found if text)


def _signed_in(actor: Actor) -> QWidget:
    """Who signed in, and as what."""
    assert actor.role is not None
    name, role = ElidedLabel(actor.name, "label"), label(named(actor.role), "muted", wrap=True)
    told = boxed(column(name, role, gap=0, pad=(2, 1)))
    told.setAccessibleName(_("Signed in: {name}, {role}").format(name=actor.name, role=role.text()))
    return told


def _side_button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


def _end(worker: Worker, _panel: object = None) -> None:
    worker.close()
