"""What was just put right, said with a way to take it back while it is fresh."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kiosk.domain.language import _
from kiosk.ui.admin.widgets.controls import Banner
from kiosk.ui.common.work import Worker

if TYPE_CHECKING:
    from kiosk.ui.admin.attendance.view import View

UNDO = 10.0
"""Seconds for which something can be taken back."""


@dataclass(frozen=True, slots=True)
class Done:
    """``undo`` takes it back, on the worker; None where there is nothing to take back."""

    text: str
    undo: Callable[[], object] | None = None
    until: float = field(default_factory=lambda: time.monotonic() + UNDO)


def tell(banner: Banner, done: Done, take_back: Callable[[Done], object]) -> None:
    """Say it, and offer to take it back for as long as is left."""
    left = done.until - time.monotonic()
    if done.undo is None or left <= 0:
        banner.say(done.text, good=True)
        return
    banner.say(done.text, good=True, act=_("Undo"), action=lambda: take_back(done))

    def late() -> None:
        if banner.text == done.text:
            banner.say(done.text, good=True)

    QTimer.singleShot(round(left * 1000), banner, late)


def announce(view: View, done: Done) -> None:
    """Say it on a view's page, whence it can be taken back, and read the view anew."""
    said = partial(announce, view)
    worker = view.context.worker
    tell(view.banner, done, lambda done: take_back(done, worker, view, said, view.fail))
    view.refresh()


def take_back(
    done: Done,
    worker: Worker,
    owner: QObject,
    said: Callable[[Done], object],
    failed: Callable[[BaseException], object],
) -> None:
    """Take it back; ``said`` gets the news."""
    if done.undo is None:
        return
    taken = _("Taken back: {what}").format(what=done.text)
    worker.submit(done.undo, lambda _: said(Done(taken)), failed, owner=owner)
