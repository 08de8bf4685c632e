"""What every implementation of the ``LivenessCheck`` port must do."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.frame import Box, Face, Frame, Image
from kiosk.domain.ports import LivenessCheck
from kiosk.resources import MODELS
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.liveness.eyes import FrameCues, load_cues
from kiosk.vision.liveness.network import LivenessNetwork
from tools.drawn_faces.faces import Placed, draw_frame

TINY = Path(__file__).parents[1] / "vision/liveness/tiny_liveness.tflite"
IMPLEMENTATIONS: dict[str, Callable[[], LivenessCheck]] = {
    "frames, without a network": lambda: FrameCues(lambda: None),
    "frames and a network": lambda: FrameCues(lambda: LivenessNetwork(TINY.read_bytes())),
    "what ships": lambda: load_cues(MODELS),
}


@pytest.fixture(params=list(IMPLEMENTATIONS))
def check(request: pytest.FixtureRequest) -> LivenessCheck:
    return IMPLEMENTATIONS[request.param]()


@cache
def drawn(width: int, height: int) -> Image:
    return draw_frame([Placed(8, (width / 2, height / 2), height * 0.45)], width, height)


def frame(time: float, aside: int = 0, width: int = 640, height: int = 480) -> Frame:
    return Frame(np.roll(drawn(width, height), aside, axis=1), round(time * 30), time)


def face(x: float = 320, y: float = 240, size: float = 160) -> Face:
    points = np.array(ARCFACE_112.points, np.float32) * size / 112
    points += np.array([x, y], np.float32) - size / 2
    return Face(Box(x - size * 0.4, y - size / 2, size * 0.8, size), points, 1.0)


def nobody(time: float) -> Frame:
    return Frame(np.full((480, 640, 3), 128, np.uint8), round(time * 30), time)


def test_what_is_told_has_its_range(check: LivenessCheck) -> None:
    for at in range(5):
        check.empty(nobody(at))
    for at in range(5, 40):
        time = at / 30
        cues = check.look(frame(time, at % 3), face(320 + at % 3))
        assert cues.time == time
        assert cues.changed is None or 0 <= cues.changed <= 1
        assert cues.motion is None or cues.motion >= 0
        for number in (cues.looks, cues.turn):
            assert number is None or math.isfinite(number)


def test_a_face_from_the_front_is_not_turned(check: LivenessCheck) -> None:
    turned = check.look(frame(0), face()).turn
    assert turned is not None
    assert abs(turned) < 0.05


def test_landmarks_that_are_no_face_are_no_fault(check: LivenessCheck) -> None:
    points = np.full((5, 2), 100, np.float32)
    cues = check.look(frame(0), Face(Box(100, 100, 0, 0), points, 1.0))
    assert cues.turn is None


@pytest.mark.parametrize("at", [(0, 0), (639, 479), (-40, 240), (320, 700)])
def test_a_face_at_the_border_or_beyond_is_looked_at(
    check: LivenessCheck, at: tuple[float, float]
) -> None:
    for time in range(4):
        check.look(frame(time / 30), face(*at))


def test_a_face_as_large_as_the_picture_is_looked_at(check: LivenessCheck) -> None:
    for time in range(4):
        check.look(frame(time / 30), face(size=900))


def test_frames_may_change_in_size(check: LivenessCheck) -> None:
    for time, (width, height) in enumerate([(640, 480), (1280, 720), (48, 64), (640, 480)]):
        check.empty(Frame(np.zeros((height, width, 3), np.uint8), time, time))
        check.look(frame(time + 0.5, 0, width, height), face(width / 2, height / 2, 40))


def test_time_may_stand_still_or_begin_anew(check: LivenessCheck) -> None:
    for time in (5.0, 5.0, 0.0, 0.1):
        check.look(frame(time), face())
        check.empty(nobody(time))
    check.forget()
    check.look(frame(0), face())


def test_what_was_forgotten_plays_no_part(check: LivenessCheck) -> None:
    first = [check.look(frame(at / 10, at), face(320 + at)) for at in range(6)]
    check.empty(nobody(1))
    check.forget()
    again = [check.look(frame(at / 10, at), face(320 + at)) for at in range(6)]
    assert first == again


def test_the_picture_is_not_changed(check: LivenessCheck) -> None:
    shown = frame(0)
    before: Image = shown.image.copy()
    check.look(shown, face())
    check.empty(shown)
    np.testing.assert_array_equal(shown.image, before)
