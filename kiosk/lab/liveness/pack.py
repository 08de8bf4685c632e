"""All frames to learn from, in one file small enough to travel to a graphics processor."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image
from kiosk.lab.data.crops import CROP_SIZE, MARGIN, STANDARD_SIZE, decode, zip_members
from kiosk.lab.liveness.minifasnet import MiniFasNet, cut
from kiosk.lab.liveness.sources import LIVE, Shot
from kiosk.vision.canvas import CANVAS, PIXELS_A_FACE, canvas, square

WEB = "web"
WEB_FILES = ("pins", "fiw", "utkface", "fairface")
"""Faces to make pictures of: none of celeba.zip, whose people are celebaspoof.zip's, which would
then never be unseen."""
QUALITY = 92
FILLS = 1.3  # boxes: what is left of a frame that a photo fills
BLACK = 12  # what padding is at most, compression included

Ints = NDArray[np.int16]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pack:
    """n frames, cut by kiosk.vision.canvas.canvas.

    rects: int16 (n, 4), left, top, right, bottom of what the frame shows of its canvas; the rest
    is black.  teacher, teacher_filled: float32 (n,), MiniFASNet's score of the frame as it is and
    cut to FILLS boxes; the latter is no number for source WEB.  features: float16 (n, 256), what
    MiniFASNet sees in the frame as it is.
    """

    pictures: tuple[bytes, ...]
    rects: Ints
    sources: NDArray[np.str_]
    species: NDArray[np.str_]
    people: NDArray[np.str_]
    presentations: NDArray[np.str_]
    names: NDArray[np.str_]
    teacher: Floats
    teacher_filled: Floats
    features: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def live(self) -> NDArray[np.bool_]:
        return np.asarray(self.species == LIVE)

    def image(self, row: int) -> Image:
        """A row's canvas, RGB uint8 (CANVAS, CANVAS, 3)."""
        out = np.zeros((CANVAS, CANVAS, 3), np.uint8)
        left, top, right, bottom = self.rects[row]
        part = decode(self.pictures[row], str(self.names[row]))
        if part.shape[:2] != (bottom - top, right - left):  # a crop of kiosk.lab.data
            size = (int(right - left), int(bottom - top))
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)
        out[top:bottom, left:right] = part
        return out

    def images(self, rows: NDArray[np.int64], threads: int = 2) -> NDArray[np.uint8]:
        """(n, CANVAS, CANVAS, 3) of the rows given."""
        out = np.empty((len(rows), CANVAS, CANVAS, 3), np.uint8)

        def put(at: int) -> None:
            out[at] = self.image(int(rows[at]))

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(put, range(len(rows))))
        return out

    def select(self, rows: NDArray[np.int64]) -> Pack:
        """Some of the frames, in their order."""
        return Pack(
            tuple(self.pictures[row] for row in rows), self.rects[rows], self.sources[rows],
            self.species[rows], self.people[rows], self.presentations[rows], self.names[rows],
            self.teacher[rows], self.teacher_filled[rows], self.features[rows],
        )  # fmt: skip


def shown(image: Image) -> tuple[int, int, int, int]:
    """What a picture shows without the black that it was padded with: left, top, right, bottom."""
    bright = image.max(axis=2) > BLACK
    rows, columns = (np.flatnonzero(bright.mean(axis=axis) > 0.02) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return 0, 0, image.shape[1], image.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def on_canvas(image: Image, face: tuple[float, float, float]) -> tuple[int, int, int, int]:
    """Where `shown` of a frame lies on its canvas, a pixel less on every side."""
    x, y, size = face
    scale = PIXELS_A_FACE / size
    left, top, right, bottom = shown(image)
    low = [np.ceil(CANVAS / 2 + scale * (at - c)) + 1 for at, c in ((left, x), (top, y))]
    high = [np.floor(CANVAS / 2 + scale * (at - c)) - 1 for at, c in ((right, x), (bottom, y))]
    a, b, c, d = (int(np.clip(v, 0, CANVAS)) for v in (*low, *high))
    return a, b, c, d


def frame_row(image: Image, landmarks: Floats) -> tuple[bytes, tuple[int, int, int, int]]:
    """A frame's part of its canvas, as JPEG with all its colours, and where it lies."""
    face = square(landmarks)
    left, top, right, bottom = rect = on_canvas(image, face)
    part = canvas(image, landmarks)[top:bottom, left:right]
    how = [
        cv2.IMWRITE_JPEG_QUALITY, QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]  # fmt: skip
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(part[:, :, ::-1]), how)
    return data.tobytes(), rect


def make_pack(
    frames: Iterable[tuple[Shot, Image, Face]], teacher: MiniFasNet, data: Path, web: int
) -> Pack:
    """From frames with their faces, what the teacher says of them, and `web` crops of the zip
    files in `data`, evenly spread."""
    pictures: list[bytes] = []
    rects: list[tuple[int, int, int, int]] = []
    texts: list[tuple[str, str, str, str, str]] = []
    answers: list[tuple[float, float]] = []
    features: list[Floats] = []
    for shot, image, face in frames:
        picture, rect = frame_row(image, face.landmarks)
        score, seen = teacher.answer(image, face.box)
        pictures.append(picture)
        rects.append(rect)
        texts.append((shot.source, shot.species, shot.person, shot.presentation, shot.name))
        answers.append((score, teacher.score(*cut(image, face.box, FILLS))))
        features.append(seen)
    half = round(CROP_SIZE / 2 * PIXELS_A_FACE / STANDARD_SIZE)
    middle = CANVAS // 2
    side = CROP_SIZE - 2 * MARGIN
    box = Box(MARGIN + 0.15 * side, MARGIN + 0.1 * side, 0.7 * side, 0.9 * side)  # the detector's
    for name in WEB_FILES if web else ():
        path = data / f"{name}.zip"
        members = zip_members(path)
        chosen = np.linspace(0, len(members) - 1, web // len(WEB_FILES)).astype(int)
        with zipfile.ZipFile(path) as archive:
            for row in chosen:
                pictures.append(archive.read(members[row]))
                score, seen = teacher.answer(decode(pictures[-1], members[row]), box)
                rects.append((middle - half, middle - half, middle + half, middle + half))
                one = f"{WEB}/{name}/{members[row]}"
                texts.append((WEB, LIVE, one, one, one))
                answers.append((score, np.nan))
                features.append(seen)
    sources, species, people, presentations, names = (
        np.array(column) for column in zip(*texts, strict=True)
    )
    both = np.array(answers, np.float32)
    return Pack(
        tuple(pictures), np.array(rects, np.int16), sources, species, people, presentations, names,
        both[:, 0], both[:, 1], np.array(features, np.float16),
    )  # fmt: skip


def write_pack(pack: Pack, path: Path) -> None:
    """As one .npz file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(
        partial,
        bytes=np.frombuffer(b"".join(pack.pictures), np.uint8),
        ends=np.cumsum([len(picture) for picture in pack.pictures]),
        rects=pack.rects, sources=pack.sources, species=pack.species, people=pack.people,
        presentations=pack.presentations, names=pack.names,
        teacher=pack.teacher, teacher_filled=pack.teacher_filled, features=pack.features,
    )  # fmt: skip
    partial.replace(path)


def read_pack(path: Path) -> Pack:
    """What write_pack wrote.  Raises BadInput for anything else."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            data = stored["bytes"].tobytes()
            ends = [0, *stored["ends"].tolist()]
            return Pack(
                tuple(data[a:b] for a, b in pairwise(ends)),
                *(
                    stored[name]
                    for name in (
                        "rects", "sources", "species", "people", "presentations", "names",
                        "teacher", "teacher_filled", "features",
                    )
                ),
            )  # fmt: skip
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadInput(
            f"{path} should hold the frames that `liveness-pack` writes, but can't be read "
            f"({error}); run `liveness-pack` first."
        ) from error
