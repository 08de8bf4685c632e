"""The window's heart, on real widgets: what it tells is what was painted."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.screen_watch import Beat
from kiosk.services.decide.pipeline import Vitals
from kiosk.ui.common.heart import Heart, is_seen


def begun(qtbot: QtBot, **more: object) -> tuple[QWidget, Heart, list[Beat]]:
    window, told = QWidget(), list[Beat]()
    qtbot.addWidget(window)
    heart = Heart(window, told.append, **more)  # type: ignore[arg-type]
    window.show()
    qtbot.waitExposed(window)
    return window, heart, told


def test_each_beat_asks_for_the_painting_that_the_next_one_tells(qtbot: QtBot) -> None:
    _, heart, told = begun(qtbot)
    heart.beat()
    before = told[-1].painted
    qtbot.waitUntil(lambda: heart.painted > before)
    heart.beat()
    assert told[-1].painted > before
    assert told[-1].shown
    assert not told[-1].begun


def test_a_window_whose_painting_hangs_tells_none(qtbot: QtBot) -> None:
    window, heart, told = begun(qtbot)
    window.setUpdatesEnabled(False)
    qtbot.wait(1)  # what was asked for before
    heart.beat()
    before = told[-1].painted
    for _ in range(3):
        qtbot.wait(1)
        heart.beat()
    assert told[-1].painted == before


def test_a_window_that_was_taken_away_is_told(qtbot: QtBot) -> None:
    window, heart, told = begun(qtbot)
    handle = window.windowHandle()
    assert handle is not None
    handle.hide()
    heart.beat()
    assert not told[-1].shown


def test_how_the_parts_are_is_told_once_they_run(qtbot: QtBot) -> None:
    _, heart, told = begun(qtbot, pictures=lambda: (7, True))
    vitals = Vitals(frames=9, tries=2, over=True, ready=True, busy=0.5, ended=True)
    heart.begin(lambda: vitals)
    heart.beat()
    beat = told[-1]
    assert beat == Beat(
        beat.painted, beat.shown, begun=True, frames=9, tries=2, pictures=7, wants_pictures=True,
        over=True, ready=True, busy=0.5, ended=True,
    )  # fmt: skip


def test_a_screen_that_says_why_it_can_not_start_tells_so_until_it_has(qtbot: QtBot) -> None:
    _, heart, told = begun(qtbot)
    heart.wait()
    heart.beat()
    assert (told[-1].waits, told[-1].begun) == (True, False)
    heart.begin(Vitals)
    heart.beat()
    assert (told[-1].waits, told[-1].begun) == (False, True)


def test_the_pulse_takes_neither_touch_nor_focus(qtbot: QtBot) -> None:
    window, _, _ = begun(qtbot)
    assert window.childAt(0, 0) is None
    assert window.focusWidget() is None


def test_where_the_desktop_may_take_a_window_away_nobody_paints_in_it() -> None:
    """Wayland gives a window that is not seen no turn to paint: that is no illness."""
    assert is_seen("wayland", visible=True, exposed=False) == (True, False)
    assert is_seen("wayland-egl", visible=True, exposed=True) == (True, True)
    assert is_seen("xcb", visible=True, exposed=False) == (False, True)
    assert is_seen("xcb", visible=False, exposed=True) == (False, True)
    assert is_seen("xcb", visible=True, exposed=True) == (True, True)
