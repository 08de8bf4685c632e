"""Enrolling before the camera: the kiosk's own oval, five captures, a check for duplicates."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Frame
from kiosk.domain.language import _, counted
from kiosk.domain.names import isolated
from kiosk.domain.people import Person
from kiosk.services.enrol.enroller import WANTED, Capture, EnrolStep
from kiosk.services.enrol.report import Judged
from kiosk.services.enrol.session import EnrolmentSession
from kiosk.services.enrol.target import Target
from kiosk.ui.admin.page import PageContext
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.layouts import row
from kiosk.ui.admin.widgets.pictures import Thumbnail
from kiosk.ui.admin.widgets.sheets import Sheet, confirm
from kiosk.ui.admin.widgets.style import mark
from kiosk.ui.admin.widgets.words import GUIDANCE
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

    def __init__(self, context: PageContext, target: Target, consent: str = "") -> None:
        super().__init__(_("Enrol {name}").format(name=isolated(target.name)), width=0, height=400)
        self.body.setAlignment(Qt.AlignmentFlag(0))
        self._context = context
        self._target = target
        self._consent = consent
        self._session: EnrolmentSession | None = None
        self._steady = Steady()
        self._ready = self._busy = False
        # A frame that was offered before a new start must not count after it.
        self._attempt = 0
        self._captures: tuple[Capture, ...] = ()
        self.view = CameraView()
        self.view.set_mirror(context.site.settings().mirror)
        self.view.setMinimumHeight(200)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.guidance = label(_("One moment"), "big", wrap=True)
        self.guidance.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = label(_("{done} of {all} photos").format(done=0, all=WANTED), "muted")
        self.thumbs = [
            Thumbnail(name=_("Picture {number}").format(number=place + 1))
            for place in range(WANTED)
        ]
        self.again = Button(_("Start over"), self.restart, icon="rotate-ccw")
        self.save = Button(_("Save"), self._check, kind="primary", icon="check")
        self.save.setEnabled(False)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.guidance)
        self.body.addLayout(row(1, *self.thumbs, 1, gap=2))
        self.buttons.insertWidget(0, self.progress)
        self.buttons.addWidget(self.again)
        self.buttons.addWidget(self.save)
        context.bridge.frame.connect(self._seen)
        context.bridge.camera.connect(self._camera)
        context.models.submit(context.site.open_enrolment, self._opened, self._failed, owner=self)

    def restart(self) -> None:
        """Forget the captures and begin anew."""
        self._ready = False
        self._attempt += 1
        self._show((), Hint.NO_FACE)
        session = self._session
        if session is not None:
            self._context.models.submit(
                session.restart, lambda _: self._opened(session), self._failed, owner=self
            )

    def _opened(self, session: EnrolmentSession) -> None:
        self._session = session
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
        session = self._session
        if session is None or not self._ready or self._busy or len(self._captures) >= WANTED:
            return
        self._busy = True
        attempt = self._attempt

        def judged(step: EnrolStep) -> None:
            self._busy = False
            if attempt == self._attempt and self._ready:
                self._show(step.captures, self._steady.hear(step.hint, frame.time))

        self._context.models.submit(lambda: session.offer(frame), judged, self._failed, owner=self)

    def _show(self, captures: tuple[Capture, ...], hint: Hint) -> None:
        self._captures = captures
        done = len(captures) >= WANTED
        self.guidance.setText(_("Done. Thank you.") if done else _(GUIDANCE[hint]))
        self.progress.setText(_("{done} of {all} photos").format(done=len(captures), all=WANTED))
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
        captures, session, target = self._captures, self._session, self._target
        assert session is not None
        self.save.setEnabled(False)

        def found(judged: Judged) -> None:
            if not judged.captures:
                self._failed(BadInput(why_none(judged)))
                return
            self.save.setEnabled(bool(judged.doubts))
            confirm_doubts(self._context, judged, lambda: self._store(session, judged))

        self._context.models.submit(
            lambda: session.judge(target, captures), found, self._failed, owner=self
        )

    def _store(self, session: EnrolmentSession, judged: Judged) -> None:
        actor = self._context.actor

        def done(person: Person) -> None:
            self.changed.emit(told(person, judged))
            self.dismiss()

        self._context.models.submit(
            lambda: session.store(actor, judged, self._consent),
            done,
            self._failed,
            owner=self,
        )


def told(person: Person, judged: Judged) -> str:
    """The good news, and what keeps it from being quite good."""
    added = len(judged.captures)
    name, photos = isolated(person.name), counted("{count} photo", "{count} photos", added)
    if person.template_count == added:
        text = _("{name} is enrolled with {photos}.").format(name=name, photos=photos)
    else:
        text = _("{photos} added for {name}.").format(name=name, photos=photos)
    return " ".join([text, *judged.notes])


def why_none(judged: Judged) -> str:
    """Why none of the captures is stored."""
    return judged.refused[0].reason if judged.refused else _("These photos are stored already.")


def confirm_doubts(context: PageContext, judged: Judged, store: Callable[[], None]) -> None:
    """Store at once, or where there are doubts after somebody said yes to them."""
    if not judged.doubts:
        store()
        return
    confirm(
        context.sheets,
        _("Is this right?"),
        "\n\n".join(judged.doubts),
        _("Enrol {name} anyway").format(name=isolated(judged.target.name)),
        store,
    )
