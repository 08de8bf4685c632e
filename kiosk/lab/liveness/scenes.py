"""What is varied to learn from: faces with all that their frames show around them, in one folder.

Pixels are kept as they are, in one file that several processes may look at together.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image, Points
from kiosk.lab.liveness.sources import LIVE
from kiosk.lab.release.export import write_arrays

PIXELS, INDEX = "pixels.bin", "index.npz"
TEXTS = ("source", "origin", "species", "person", "presentation", "name")
Texts = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Scene:
    """A face in a picture, RGB.

    source: where it is from, or how it was made up.  origin: the source of the frame that it was
    made of; `person` is that frame's too, so that who is held out is held out here.
    """

    image: Image
    box: Box
    landmarks: Points
    source: str
    origin: str
    species: str
    person: str
    presentation: str
    name: str


@dataclass(frozen=True, slots=True)
class Scenes:
    """n of them.

    pixels: uint8, all pictures one behind the other.  shapes: int64 (n, 2), rows and columns.
    boxes: float32 (n, 4), x, y, width, height.  landmarks: float32 (n, 5, 2).
    """

    pixels: NDArray[np.uint8]
    shapes: NDArray[np.int64]
    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    source: Texts
    origin: Texts
    species: Texts
    person: Texts
    presentation: Texts
    name: Texts
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def live(self) -> NDArray[np.bool_]:
        return np.asarray(self.species == LIVE)

    def image(self, row: int) -> Image:
        """RGB uint8 (rows, columns, 3)."""
        rows, columns = map(int, self.shapes[row])
        start = int(self.starts[row])
        return np.asarray(self.pixels[start : start + 3 * rows * columns]).reshape(rows, columns, 3)

    def face(self, row: int) -> Face:
        """Where the face is; its confidence is not kept."""
        return Face(Box(*map(float, self.boxes[row])), self.landmarks[row], 1.0)


def add_scenes(folder: Path, scenes: Iterable[Scene]) -> None:
    """Behind those that the folder holds.  Cut off, it holds what it held before."""
    before = read_scenes(folder) if (folder / INDEX).exists() else None
    folder.mkdir(parents=True, exist_ok=True)
    shapes: list[tuple[int, int]] = []
    boxes: list[tuple[float, float, float, float]] = []
    landmarks: list[Points] = []
    texts: list[Sequence[str]] = []
    path = folder / PIXELS
    path.touch()
    with path.open("r+b") as file:
        file.seek(_ends(before.shapes)[-1] if before is not None and len(before) else 0)
        for scene in scenes:
            file.write(np.ascontiguousarray(scene.image, np.uint8).tobytes())
            shapes.append((scene.image.shape[0], scene.image.shape[1]))
            boxes.append((scene.box.x, scene.box.y, scene.box.width, scene.box.height))
            landmarks.append(scene.landmarks)
            texts.append([getattr(scene, name) for name in TEXTS])
        file.truncate()
    if not shapes:
        return
    arrays: dict[str, NDArray[np.generic]] = {
        "shapes": np.array(shapes, np.int64),
        "boxes": np.array(boxes, np.float32),
        "landmarks": np.array(landmarks, np.float32),
    }
    arrays |= {
        name: np.array(column) for name, column in zip(TEXTS, zip(*texts, strict=True), strict=True)
    }
    if before is not None:
        arrays = {
            name: np.concatenate([getattr(before, name), column]) for name, column in arrays.items()
        }
    write_arrays(folder / INDEX, arrays)


def read_scenes(folder: Path) -> Scenes:
    """What add_scenes wrote.  Raises BadInput for anything else."""
    try:
        with np.load(folder / INDEX, allow_pickle=False) as stored:
            arrays = dict(stored)
        shapes = arrays.pop("shapes")
        ends = _ends(shapes)
        pixels = np.memmap(folder / PIXELS, np.uint8, "r", shape=(int(ends[-1]),))
        return Scenes(pixels=pixels, shapes=shapes, starts=ends - 3 * shapes.prod(1), **arrays)
    except (OSError, KeyError, ValueError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise BadInput(
            f"{folder} should hold the scenes that `liveness-views` writes, but they can't be read "
            f"({error}); remove the folder and run `liveness-views`."
        ) from error


def _ends(shapes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(3 * shapes.prod(axis=1))
