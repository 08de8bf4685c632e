"""A head's nose goes aside as it turns, a flat picture's does not, however that is held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiosk.devices.video_file import VideoFile
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Points
from kiosk.resources import MODELS
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.liveness.turn import turn

FLAT = np.array(ARCFACE_112.points)
DEPTH = np.array(
    [0, 0, -20, -4, -4.0]
)  # a nose stands half a distance between the eyes before them


def seen(
    yaw: float = 0, pitch: float = 0, roll: float = 0, *, depth: float = 0, away: float = 300
) -> Points:
    """Landmarks of a face whose nose stands out by ``depth``, 1 a head's, seen from ``away``
    pixels; angles in degrees."""
    points = np.column_stack([FLAT - FLAT[2], depth * DEPTH])
    points = points @ rotation(yaw, pitch, roll).T
    return (points[:, :2] * away / (away + points[:, 2:]) + 200).astype(np.float32)


def rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    a, b, c = np.radians([yaw, pitch, roll])
    about_y = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    about_x = [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    about_z = [[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]]
    return np.array(about_z) @ np.array(about_x) @ np.array(about_y)


def test_from_the_front_it_is_nothing() -> None:
    assert turn(seen(depth=1)) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("roll", [-60, 0, 25, 180])
def test_a_head_passes_what_is_asked_for_whatever_its_roll(roll: float) -> None:
    assert turn(seen(-40, roll=roll, depth=1)) > 0.3
    assert turn(seen(40, roll=roll, depth=1)) < -0.3


def test_a_nose_at_the_right_of_the_picture_is_above_nothing() -> None:
    points = seen(depth=1)
    points[2, 0] += 10
    assert turn(points) > 0.2


def test_a_mirrored_head_turns_the_other_way() -> None:
    points = seen(-35, 5, 10, depth=1)
    mirrored = (points * [-1, 1] + [400, 0])[[1, 0, 2, 4, 3]].astype(np.float32)
    assert turn(mirrored) == pytest.approx(-turn(points), abs=1e-6)


@given(st.floats(-75, 75), st.floats(-50, 50), st.floats(-180, 180), st.floats(110, 1000))
def test_a_flat_picture_held_aslant_stays_below(
    yaw: float, pitch: float, roll: float, away: float
) -> None:
    """From three distances between the eyes on: closer, the face is larger than the frame."""
    assert abs(turn(seen(yaw, pitch, roll, away=away))) < 0.15


def test_how_far_away_plays_no_part() -> None:
    near, far = (turn((s * seen(-30, depth=1)).astype(np.float32)) for s in (0.3, 5))
    assert near == pytest.approx(far, abs=1e-5)


def test_landmarks_on_a_line_are_refused() -> None:
    with pytest.raises(BadImage):
        turn(np.column_stack([np.arange(5), np.arange(5)]).astype(np.float32))


def test_a_real_head_that_turns(shared: Path) -> None:
    """Straight at first, far to the right of the picture after five seconds."""
    detector = MtcnnDetector(MODELS, 120)
    camera = VideoFile(shared / "media/live_head_turns.mp4", realtime=False)
    camera.open()
    told = []
    while (frame := camera.read()) is not None and frame.index <= 160:
        if frame.index in (0, 150, 160):
            told.append(turn(detector.detect(frame.image)[0].landmarks))
    camera.close()
    assert abs(told[0]) < 0.1
    assert min(told[1:]) > 0.3
