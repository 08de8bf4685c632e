from __future__ import annotations

import contextlib
import logging
import threading
import wave

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.resources import ASSETS
from kiosk.ui.kiosk.sounds import LONGEST, Player, Sounds, qt_player
from kiosk.ui.kiosk.words import Sound


def test_sounds_ship_and_are_short() -> None:
    for sound in set(Sound) - {Sound.NONE}:
        with wave.open(str(ASSETS / "sounds" / f"{sound}.wav")) as file:
            assert 0.2 < file.getnframes() / file.getframerate() < LONGEST


def test_plays_in_order_on_a_thread_of_its_own(app: QApplication) -> None:
    heard: list[tuple[Sound, threading.Thread]] = []
    twice = threading.Event()

    def play(sound: Sound) -> None:
        heard.append((sound, threading.current_thread()))
        if len(heard) == 2:
            twice.set()

    sounds = Sounds(lambda: play)
    sounds.play(Sound.RISING)
    sounds.play(Sound.NONE)
    sounds.play(Sound.FALLING)
    assert twice.wait(5)
    assert sounds.close()
    assert [sound for sound, _ in heard] == [Sound.RISING, Sound.FALLING]
    assert all(thread is not threading.main_thread() for _, thread in heard)


def test_no_audio_system_is_no_trouble(app: QApplication, caplog: pytest.LogCaptureFixture) -> None:
    def none() -> Player:
        raise ImportError("libpulse.so.0: cannot open shared object file")

    sounds = Sounds(none)
    with caplog.at_level(logging.INFO):
        sounds.play(Sound.RISING)
        sounds.play(Sound.FALLING)
        assert sounds.close()
    assert [record.levelno for record in caplog.records] == [logging.INFO]


def test_a_sound_that_fails_is_no_trouble(app: QApplication) -> None:
    def broken(sound: Sound) -> None:
        raise RuntimeError("the device is gone")

    sounds = Sounds(lambda: broken)
    sounds.play(Sound.SOFT)
    assert sounds.close()


def test_nothing_is_loaded_before_the_first_sound(app: QApplication) -> None:
    assert Sounds().close()


def test_a_sound_system_that_hangs_is_left_behind(app: QApplication) -> None:
    gate = threading.Event()

    def hanging() -> Player:
        gate.wait()
        return lambda _: None

    sounds = Sounds(hanging)
    sounds.warm_up()
    assert not sounds.close(timeout=0.01)
    gate.set()
    assert sounds.close()


def test_qts_own_player_plays_or_says_that_there_is_no_sound(app: QApplication) -> None:
    with contextlib.suppress(ImportError, OSError):
        qt_player()(Sound.SOFT)
