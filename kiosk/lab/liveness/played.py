"""A clip as a camera would give it: frames in their order, with their times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from kiosk.domain.frame import Frame

RATE = 15.0
"""Frames a second that are looked at, as by a small machine."""


def frames(path: Path, rate: float = RATE) -> Iterator[Frame]:
    """A clip's frames, RGB, with their media times: as many a second as are looked at."""
    capture = cv2.VideoCapture(str(path))
    step = 1 / (capture.get(cv2.CAP_PROP_FPS) or 25.0)
    number, due = 0, 0.0
    while capture.grab():
        now = number * step
        number += 1
        if now + step / 2 < due:
            continue
        due += 1 / rate
        good, image = capture.retrieve()
        if good:
            yield Frame(np.ascontiguousarray(image[:, :, ::-1], np.uint8), number, now)
