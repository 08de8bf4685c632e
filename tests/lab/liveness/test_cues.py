"""What the cues tell by themselves: counted by visits; figures stand in docs/liveness.md."""

from __future__ import annotations

import numpy as np

from kiosk.domain.frame import Face
from kiosk.domain.liveness.cues import Cues, Stream
from kiosk.lab.liveness.cues import (
    Tried,
    Window,
    cut_out,
    held_windows,
    turned_photos,
    turns_table,
    windows,
    windows_table,
)
from kiosk.lab.liveness.sheet import VIEW
from kiosk.lab.liveness.sources import LIVE, WINDOW
from kiosk.resources import MODELS
from kiosk.vision.detector import MtcnnDetector
from tools.drawn_faces.faces import synthetic_face


def photo() -> tuple[np.ndarray, Face]:
    picture = synthetic_face(3, 300)
    (face,) = MtcnnDetector(MODELS, 60).detect(picture)
    return picture, face


def test_a_window_is_the_median_of_what_was_told() -> None:
    cues = [Cues(at / 10, motion=at / 100 if at % 2 else None) for at in range(2 * WINDOW)]
    first, second = windows("clip", LIVE, cues)
    assert first.motion == np.median([0.01, 0.03, 0.05, 0.07])
    assert second.motion == np.median([0.09, 0.11, 0.13, 0.15])
    assert first.changed is None
    assert first.stale == 0
    stale = windows("clip", LIVE, [Cues(0, stream=Stream.LOOP)] * WINDOW)
    assert stale[0].stale == 1


def test_what_tells_nothing_passes() -> None:
    live = [Window("a", LIVE, 0.001, None, 0)] * 9
    told = [Window("b", "replay", 0.02, None, 0)] * 3
    silent = [Window("c", "replay", None, None, 0)]
    assert "| motion | replay | 4 | 3 | 0.0200 | 0.0200 | 0.0200 | 25.0% |" in windows_table(
        live + told + silent
    )


def test_a_photo_in_the_hand_carries_its_background_along() -> None:
    place = np.random.default_rng(0).integers(0, 255, (VIEW[1], VIEW[0], 3), np.uint8)
    found = held_windows([photo()], [place], 2)
    assert {one.species for one in found} == {"photo, whole", "photo, cut to 1.3 faces"}
    whole = [one for one in found if one.species == "photo, whole"]
    assert all(one.changed is not None and one.changed > 0.2 for one in whole)


def test_photos_are_turned_and_counted() -> None:
    found = turned_photos([photo()], MtcnnDetector(MODELS, 40), 5)
    assert len(found) == 5
    assert all(one.turned is None or one.turned < 1 for one in found)
    assert "| flat | 2 | 1 | 0.310 | 0.310 | 1 | 1 |" in turns_table(
        [Tried("flat", 0.31), Tried("flat", None)]
    )


def test_a_photo_is_cut_around_its_face() -> None:
    picture, face = photo()
    sheet, own = cut_out(picture, face, (0.6, 0.6))
    x, y = own.box.centre
    assert abs(x - sheet.shape[1] / 2) < 3
    assert abs(y - sheet.shape[0] / 2) < 3
