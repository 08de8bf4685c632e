"""Drawn people, live and photographed, as a pack of four sources."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kiosk.lab.liveness.pack import WEB, Pack, frame_row
from kiosk.lab.liveness.sources import LIVE, SOURCES
from kiosk.vision.align import ARCFACE_112
from tools.drawn_faces.faces import synthetic_face

SIDE = 220
PEOPLE = 4  # a source
LANDMARKS = np.asarray(np.array(ARCFACE_112.points) * 120 / 112 + 50, np.float32)


@pytest.fixture(scope="session")
def pack() -> Pack:
    """Two frames of every person and species; what tells attacks is that they are grey."""
    rows: list[tuple[bytes, tuple[int, int, int, int], tuple[str, ...]]] = []
    for s, source in enumerate((*SOURCES, WEB)):
        for person in range(PEOPLE):
            image = synthetic_face(10 * s + person, SIDE)
            for species in (LIVE,) if source == WEB else (LIVE, "print"):
                if species != LIVE:
                    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
                    image = np.repeat(grey[..., None], 3, 2)
                picture, rect = frame_row(image, LANDMARKS)
                for frame in range(2):
                    who = f"{source}/{person}"
                    texts = (source, species, who, f"{who}/{species}", f"{who}/{species}/{frame}")
                    rows.append((picture, rect, texts))
    pictures, rects, texts = zip(*rows, strict=True)
    columns = [np.array(column) for column in zip(*texts, strict=True)]
    live = (columns[1] == LIVE).astype(np.float32)
    features = np.zeros((len(rows), 256), np.float16)
    features[:, 0] = 1
    return Pack(pictures, np.array(rects, np.int16), *columns, live, live, features)
