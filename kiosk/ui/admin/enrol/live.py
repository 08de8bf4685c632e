"""Enrolling before the camera: the kiosk's own oval, five captures, a check for duplicates."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Frame
from kiosk.domain.people import Person
from kiosk.services.enrol.enroller import WANTED, Capture, EnrolStep
from kiosk.ui.admin.enrol.work import Duplicate, EnrolmentSession, Target
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.pictures import Thumbnail
from kiosk.ui.admin.widgets.sheets import Sheet, confirm
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.admin.widgets.words import GUIDANCE, counted
from kiosk.ui.common.camera_view import CameraView
from kiosk.ui.common.work import sentence
from kiosk.ui.kiosk.steady import HINT_HOLDS, HINT_STAYS


class Steady:
    """Keeps hints from flickering; times are the frames' own, in seconds."""

    def __init__(self) -> None:
        self.shown = Hint.NO_FACE
        self._coming = Hint.NO_FACE
        self._since = float("-inf")
        self._changed = float("-inf")

    def hear(self, hint: Hint, now: float) -> Hint:
        """The hint to show after this one was seen."""
        if hint is not self._coming:
            self._coming, self._since = hint, now
        ripe = now - self._since >= HINT_HOLDS and now - self._changed >= HINT_STAYS
        if self._coming is not self.shown and ripe:
            self.shown, self._changed = self._coming, now
        return self.shown


class EnrolLive(Sheet):
    """Feeds the newest frame to the models, one at a time; what comes meanwhile is skipped."""

    changed = Signal(str)

    def __init__(self, context: PageContext, target: Target) -> None:
        super().__init__(f"Enrol {target.name}", width=0, height=400)
        self.body.setAlignment(Qt.AlignmentFlag(0))
        self._context = context
        self._target = target
        self._session = EnrolmentSession(context.site, target)
        self._steady = Steady()
        self._ready = self._busy = False
        # A frame that was offered before a new start must not count after it.
        self._attempt = 0
        self._captures: tuple[Capture, ...] = ()
        self.view = CameraView()
        self.view.set_mirror(context.site.settings().mirror)
        self.view.setMinimumHeight(200)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.guidance = label("One moment", "big", wrap=True)
        self.guidance.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = label(f"0 of {WANTED} pictures", "muted")
        self.thumbs = [Thumbnail(name=f"Picture {place + 1}") for place in range(WANTED)]
        self.again = Button("Start over", self.restart, icon="rotate-ccw")
        self.save = Button("Save", self._check, kind="primary", icon="check")
        self.save.setEnabled(False)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.guidance)
        self.body.addLayout(row(1, *self.thumbs, 1, gap=2))
        self.buttons.insertWidget(0, self.progress)
        self.buttons.addWidget(self.again)
        self.buttons.addWidget(self.save)
        context.bridge.frame.connect(self._seen)
        context.bridge.camera.connect(self._camera)
        context.models.submit(self._session.open, self._opened, self._failed, owner=self)

    def restart(self) -> None:
        """Forget the captures and begin anew."""
        self._ready = False
        self._attempt += 1
        self._show((), Hint.NO_FACE)
        self._context.models.submit(self._session.restart, self._opened, self._failed, owner=self)

    def _opened(self, _: None) -> None:
        self._ready = True
        self._busy = False
        self.guidance.setText(GUIDANCE[Hint.NO_FACE])
        mark(self.guidance, role="big")

    def _camera(self, problem: str | None) -> None:
        if problem is not None:
            self.view.clear()
            self.guidance.setText(problem)

    def _seen(self, frame: Frame) -> None:
        self.view.set_frame(frame)
        if not self._ready or self._busy or len(self._captures) >= WANTED:
            return
        self._busy = True
        attempt = self._attempt

        def judged(step: EnrolStep) -> None:
            self._busy = False
            if attempt == self._attempt and self._ready:
                self._show(step.captures, self._steady.hear(step.hint, frame.time))

        self._context.models.submit(
            lambda: self._session.offer(frame), judged, self._failed, owner=self
        )

    def _show(self, captures: tuple[Capture, ...], hint: Hint) -> None:
        self._captures = captures
        done = len(captures) >= WANTED
        self.guidance.setText("Done. Thank you." if done else GUIDANCE[hint])
        self.progress.setText(f"{len(captures)} of {counted(WANTED, 'picture')}")
        self.view.set_progress(len(captures) / WANTED)
        for place, thumb in enumerate(self.thumbs):
            thumb.show_image(captures[place].thumbnail if place < len(captures) else None)
        self.save.setEnabled(done)
        if done:
            self.save.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self._ready = False
        self.guidance.setText(sentence(error))
        mark(self.guidance, role="error")

    def _check(self) -> None:
        """Before anything is stored: is this somebody whom the kiosk knows by another name?"""
        captures = self._captures
        self.save.setEnabled(False)

        def found(duplicate: Duplicate | None) -> None:
            if duplicate is None:
                self._store()
            else:
                self.save.setEnabled(True)
                ask_about(self._context, self._target, duplicate, self._store)

        self._context.models.submit(
            lambda: self._session.duplicate(captures), found, self._failed, owner=self
        )

    def _store(self) -> None:
        captures = self._captures

        def done(person: Person) -> None:
            self.changed.emit(told(person, len(captures)))
            self.dismiss()

        self._context.models.submit(
            lambda: self._session.store(captures), done, self._failed, owner=self
        )


def told(person: Person, added: int) -> str:
    """The good news."""
    if person.template_count == added:
        return f"{person.name} is enrolled with {counted(added, 'template')}."
    return f"{counted(added, 'template')} added for {person.name}."


def ask_about(
    context: PageContext, target: Target, duplicate: Duplicate, store: Callable[[], None]
) -> None:
    """The face is somebody else's, it seems: go on?"""
    confirm(
        context.sheets,
        f"This looks like {duplicate.person.name}, who is enrolled already",
        f"Similarity {duplicate.score:.2f}. Two people who look alike to the kiosk will be asked "
        f"for their numbers each time; one person enrolled twice is let in under either name.",
        f"Enrol {target.name} anyway",
        store,
    )
