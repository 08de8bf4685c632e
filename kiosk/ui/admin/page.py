"""What every page of the panel has: its context, its head, and a place for bad news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.audit import Action, Actor
from kiosk.domain.language import _
from kiosk.domain.rights import allowed, needs_another, shown
from kiosk.domain.roles import Sight
from kiosk.ui.admin.widgets.busy import Busy
from kiosk.ui.admin.widgets.controls import Banner, label
from kiosk.ui.admin.widgets.layouts import column, row
from kiosk.ui.common.work import sentence

if TYPE_CHECKING:
    from kiosk.services.site import Site
    from kiosk.ui.admin.widgets.sheets import SheetHost
    from kiosk.ui.common.bridge import Bridge
    from kiosk.ui.common.work import Worker


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page works with. ``worker`` is for the database (short), ``models`` for whatever
    takes long or owns models: exports, enrolment, the doctor."""

    site: Site
    bridge: Bridge
    worker: Worker
    models: Worker
    sheets: SheetHost

    @property
    def actor(self) -> Actor:
        """Who signed in."""
        return self.site.actor

    def may(self, action: Action, *whom: int) -> bool:
        """Whether whoever signed in has a right to it, for these people (by id) where some are
        named; what they have none to is not shown."""
        return allowed(self.actor, action) and not needs_another(self.actor, action, *whom)

    def sees(self, sight: Sight) -> bool:
        """Whether whoever signed in may read it."""
        return shown(self.actor, sight)


class Ask(Protocol):
    """How work for a worker is handed over, such as ``Page.ask`` and ``Worker.submit``."""

    def __call__(
        self,
        op: Callable[[], Any],
        success: Callable[[Any], object],
        failure: Callable[[BaseException], object] | None = None,
        /,
    ) -> object: ...


class Page(QWidget):
    """A page under its title. Pages override ``refresh``, ``search`` and ``back``."""

    title: ClassVar[str] = ""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.setAccessibleName(_(self.title))
        self.banner = Banner()
        self.head = row(label(_(self.title), "title"), 1, gap=2)
        self.body = column(self.head, self.banner, gap=3, pad=(6, 5))
        self.setLayout(self.body)
        self.busy = Busy(self)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.busy.place()

    def refresh(self) -> None:
        """Read anew what is shown; called whenever the page comes to the front."""

    def search(self) -> None:
        """Ctrl+F: go to the field to search in, where there is one."""

    def back(self) -> bool:
        """Escape: undo the last step within the page; False where there is none."""
        return False

    @property
    def unsaved(self) -> str:
        """A question that names what leaving would lose; nothing where nothing would be."""
        return ""

    @property
    def complete(self) -> bool:
        """Whether all of it is built; what takes long is built bit by bit once it is shown."""
        return True

    def settle(self) -> None:
        """Do at once what was to be done soon: the program may end."""

    def drop(self) -> None:
        """Forget what is not saved."""

    def narrow(self, narrow: bool) -> None:
        """The panel became narrow (a tablet held upright) or wide."""

    def ask(
        self,
        op: Callable[[], Any],
        success: Callable[[Any], object],
        failure: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Run ``op`` on the database's worker and take its result on this thread; the sentence
        of a failure goes to the banner unless ``failure`` takes the error. What takes longer than
        people wait without wondering is seen to be waited for."""

        def done(result: Any) -> None:
            self.busy.end()
            success(result)

        def failed(error: BaseException) -> None:
            self.busy.end()
            (failure or self.fail)(error)

        self.busy.begin()
        self.context.worker.submit(op, done, failed, owner=self)

    def fail(self, error: BaseException) -> None:
        """Say on the page what went wrong."""
        self.banner.say(sentence(error))
