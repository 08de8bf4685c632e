"""Drawn people, live and photographed, of four sources and the web."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.frame import Box, Face, Image
from kiosk.lab.liveness.gather import WEB
from kiosk.lab.liveness.plain import Plain, read_plain, write_plain
from kiosk.lab.liveness.pool import Pool, write_part
from kiosk.lab.liveness.scenes import Scene, Scenes, add_scenes, read_scenes
from kiosk.lab.liveness.sources import LIVE, SOURCES
from kiosk.vision.align import ARCFACE_112
from tools.drawn_faces.faces import synthetic_face

SIDE = 220
PEOPLE = 4  # a source
LANDMARKS = np.asarray(np.array(ARCFACE_112.points) * 120 / 112 + 50, np.float32)
BOX = Box(62, 55, 84, 105)


class Doubter:
    """In place of MiniFASNet: whatever has no colour is a photo."""

    def score(self, image: Image, face: Face) -> float:
        return 0.9 if float(np.ptp(image.astype(float), axis=2).mean()) > 5 else 0.1


def drawn() -> list[Scene]:
    """Two frames of every person and species; what tells attacks is that they are grey."""
    scenes = []
    for s, source in enumerate((*SOURCES, WEB)):
        for person in range(PEOPLE):
            image = synthetic_face(10 * s + person, SIDE)
            for species in (LIVE,) if source == WEB else (LIVE, "print"):
                if species != LIVE:
                    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
                    image = np.repeat(grey[..., None], 3, 2)
                who = f"{source}/{person}"
                for frame in range(2):
                    scenes.append(
                        Scene(
                            image, BOX, LANDMARKS, source, source, species, who,
                            f"{who}/{species}", f"{who}/{species}/{frame}",
                        )
                    )  # fmt: skip
    return scenes


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``liveness-views`` makes."""
    folder = tmp_path_factory.mktemp("liveness")
    add_scenes(folder / "scenes", drawn())
    scenes = read_scenes(folder / "scenes")
    write_plain(folder / "plain", scenes, Doubter())  # type: ignore[arg-type]
    write_part(folder / "pool", 0, scenes, 240)
    return folder


@pytest.fixture(scope="session")
def scenes(place: Path) -> Scenes:
    return read_scenes(place / "scenes")


@pytest.fixture(scope="session")
def plain(place: Path) -> Plain:
    return read_plain(place / "plain")


@pytest.fixture(scope="session")
def pool(place: Path) -> Pool:
    return Pool(place / "pool")
