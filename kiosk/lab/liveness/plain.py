"""Frames as they are, to judge by: whole, and as if the face filled them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image
from kiosk.lab.liveness.minifasnet import MiniFasNet
from kiosk.lab.liveness.scenes import Scenes, Texts
from kiosk.lab.liveness.sources import LIVE, SOURCES
from kiosk.lab.release.export import write_arrays
from kiosk.vision.liveness.view import SIDE, around, enlarged

FILLS = 1.3  # boxes: what is left of a frame that a photo fills
VIEWS = ("whole", "filled")
INDEX = "plain.npz"
TEXTS = ("names", "sources", "species", "people", "presentations")


@dataclass(frozen=True, slots=True)
class Plain:
    """n frames.

    views: for each of VIEWS uint8 (n, SIDE, SIDE, 3).  teacher: for each float32 (n,), MiniFASNet's
    score.
    """

    names: Texts
    sources: Texts
    species: Texts
    people: Texts
    presentations: Texts
    views: dict[str, NDArray[np.uint8]]
    teacher: dict[str, NDArray[np.float32]]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def live(self) -> NDArray[np.bool_]:
        return np.asarray(self.species == LIVE)


def filled(image: Image, face: Face) -> tuple[Image, Face]:
    """The picture as if the face filled it, FILLS times its box and nothing else; and the face."""
    left, top, right, bottom = enlarged(face.box, FILLS, image)
    part = np.ascontiguousarray(image[max(top, 0) : bottom + 1, max(left, 0) : right + 1])
    box = Box(face.box.x - left, face.box.y - top, face.box.width, face.box.height)
    landmarks = np.asarray(face.landmarks - np.array([left, top]), np.float32)
    return part, replace(face, box=box, landmarks=landmarks)


def write_plain(folder: Path, scenes: Scenes, teacher: MiniFasNet) -> None:
    """Of the scenes that are frames of SOURCES."""
    rows = np.flatnonzero(np.isin(scenes.source, SOURCES))
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[np.generic]] = {
        "names": scenes.name[rows], "sources": scenes.source[rows],
        "species": scenes.species[rows], "people": scenes.person[rows],
        "presentations": scenes.presentation[rows],
    }  # fmt: skip
    for view in VIEWS:
        path = folder / f"{view}.npy"
        shown = np.lib.format.open_memmap(path, "w+", np.uint8, (len(rows), SIDE, SIDE, 3))
        scores = np.empty(len(rows), np.float32)
        for at, row in enumerate(rows):
            image, face = scenes.image(int(row)), scenes.face(int(row))
            if view == "filled":
                image, face = filled(image, face)
            shown[at] = around(image, face.box)
            scores[at] = teacher.score(image, face)
        shown.flush()
        arrays[f"teacher_{view}"] = scores
    write_arrays(folder / INDEX, arrays)


def read_plain(folder: Path) -> Plain:
    """What write_plain wrote.  Raises BadInput for anything else."""
    try:
        with np.load(folder / INDEX, allow_pickle=False) as stored:
            return Plain(
                **{name: stored[name] for name in TEXTS},
                views={view: np.load(folder / f"{view}.npy", mmap_mode="r") for view in VIEWS},
                teacher={view: stored[f"teacher_{view}"] for view in VIEWS},
            )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadInput(
            f"{folder} should hold the frames to judge by that `liveness-views` writes, but they "
            f"can't be read ({error}); remove the folder and run `liveness-views`."
        ) from error
