from __future__ import annotations

import threading

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.frame import Frame
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.pipeline import Listener
from kiosk.ui.common.bridge import Bridge
from tests.ui.fakes import frame


def elsewhere(*calls: object) -> None:
    """Run calls on a thread of their own, as the pipeline does."""

    def run() -> None:
        for call in calls:
            assert callable(call)
            call()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_is_a_listener(bridge: Bridge) -> None:
    listener: Listener = bridge
    listener.on_camera(None)


def test_everything_arrives_on_the_screens_thread(qtbot: QtBot, bridge: Bridge) -> None:
    heard: list[tuple[object, threading.Thread]] = []
    for signal in (bridge.frame, bridge.view, bridge.camera):
        signal.connect(lambda what: heard.append((what, threading.current_thread())))
    picture, view = frame(), View(Phase.IDLE)
    elsewhere(
        lambda: bridge.on_frame(picture),
        lambda: bridge.on_view(view),
        lambda: bridge.on_camera("It is unplugged."),
        lambda: bridge.on_camera(None),
    )
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert [what for what, _ in heard] == [picture, view, "It is unplugged.", None]
    assert {thread for _, thread in heard} == {threading.main_thread()}


def test_only_the_newest_frame_arrives(bridge: Bridge) -> None:
    heard: list[Frame] = []
    bridge.frame.connect(heard.append)
    pictures = [frame(index) for index in range(100)]
    elsewhere(lambda: [bridge.on_frame(picture) for picture in pictures])
    QApplication.processEvents()
    assert [each.index for each in heard] == [99]
    elsewhere(lambda: bridge.on_frame(pictures[0]))
    QApplication.processEvents()
    assert [each.index for each in heard] == [99, 0]


def test_every_view_arrives_in_order(bridge: Bridge) -> None:
    heard: list[View] = []
    bridge.view.connect(heard.append)
    views = [View(Phase.LOOKING, share=number / 50) for number in range(50)]
    elsewhere(lambda: [bridge.on_view(view) for view in views])
    QApplication.processEvents()
    assert heard == views
