"""Short sounds, on a thread of their own: a slow or missing audio system stops nothing."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QCoreApplication, QEventLoop, QtMsgType, QUrl, qInstallMessageHandler

from kiosk.resources import ASSETS
from kiosk.ui.kiosk.words import Sound

log = logging.getLogger(__name__)

VOLUME = 0.7
LONGEST = 1.5
"""Seconds after which the longest sound is over."""
Player = Callable[[Sound], None]


def _to_log(kind: QtMsgType, _context: object, message: str) -> None:
    level = logging.DEBUG if kind is not QtMsgType.QtFatalMsg else logging.CRITICAL
    log.log(level, "%s", message)


def qt_player() -> Player:
    """Qt's sound effects, for the thread that calls; loads the audio system, which may take long.

    Raises:
        ImportError: a library that Qt's audio needs is not installed.
        OSError: there is no audio output.
    """
    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

    if QMediaDevices.defaultAudioOutput().isNull():
        raise OSError("there is no audio output")
    effects = {}
    for sound in set(Sound) - {Sound.NONE}:
        effect = QSoundEffect()
        effect.setSource(QUrl.fromLocalFile(str(ASSETS / "sounds" / f"{sound}.wav")))
        effect.setVolume(VOLUME)
        effects[sound] = effect
    return lambda sound: effects[sound].play()


class Sounds:
    """``play`` returns at once. The audio system is loaded by ``make_player`` on the sounds' own
    thread with ``warm_up`` or the first sound, not before; where there is none, nothing is heard
    and nothing is said."""

    def __init__(self, make_player: Callable[[], Player] = qt_player) -> None:
        self._make_player = make_player
        self._wanted: queue.SimpleQueue[Sound | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def play(self, sound: Sound) -> None:
        """From the screen's thread."""
        if sound is not Sound.NONE:
            self.warm_up()
            self._wanted.put(sound)

    def warm_up(self) -> None:
        """Load the audio system in the background; from the screen's thread."""
        if self._thread is None:
            # On a machine without sound Qt would tell the terminal so. For good: a handler that is
            # taken away on one thread may just be called by another.
            qInstallMessageHandler(_to_log)
            # 15 ms, here: Qt's types must not come into being while another thread uses Qt.
            with suppress(ImportError):
                import PySide6.QtMultimedia  # noqa: F401
            self._thread = threading.Thread(target=self._run, name="sounds", daemon=True)
            self._thread.start()

    def close(self, timeout: float = 2.0) -> bool:
        """Fall silent; False where a sound system hangs, which is left behind."""
        if self._thread is None:
            return True
        self._wanted.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            play: Player | None = self._make_player()
        except Exception as error:  # whatever a sound system does, the kiosk goes on
            log.info("no sound: %s", error)
            play = None
        while (sound := self._wanted.get()) is not None:
            if play is None:
                continue
            try:
                play(sound)
            except Exception as error:
                log.info("no sound: %s", error)
            self._serve()

    def _serve(self) -> None:
        """Give Qt's effects their thread's events until the sound is over or the next comes."""
        if QCoreApplication.instance() is None:
            return
        loop = QEventLoop()
        end = time.monotonic() + LONGEST
        while self._wanted.empty() and time.monotonic() < end:
            loop.processEvents()
            time.sleep(0.01)
