"""Scenes out of frames and of faces of the web."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kiosk.domain.frame import Box, Image
from kiosk.lab.data.crops import MARGIN, STANDARD_SIZE, decode, zip_members
from kiosk.lab.liveness.faces import Located
from kiosk.lab.liveness.scenes import Scene
from kiosk.lab.liveness.sources import LIVE, Shot, read
from kiosk.vision.align import ARCFACE_112

WEB = "web"
WEB_FILES = ("pins", "fiw", "utkface", "fairface")
"""Live faces besides: none of celeba.zip, whose people are celebaspoof.zip's, which would then
never be unseen."""
AROUND = 2.3  # heights of the box that are kept on every side of its middle

_SIDE = STANDARD_SIZE
_CROP_LANDMARKS = np.asarray(np.array(ARCFACE_112.points) + MARGIN, np.float32)
_CROP_BOX = Box(  # as the detector draws it in a crop of kiosk.lab.data
    MARGIN + 0.15 * _SIDE, MARGIN + 0.1 * _SIDE, 0.7 * _SIDE, 0.9 * _SIDE
)


def frame_scenes(shots: Sequence[Shot], located: Located) -> Iterator[Scene]:
    """Of the frames in which a face was found, in their order."""
    for row, (shot, image) in enumerate(zip(shots, read(shots), strict=True)):
        if not located.found[row]:
            continue
        face = located.face(row)
        part, (left, top) = _around(image, face.box)
        box = Box(face.box.x - left, face.box.y - top, face.box.width, face.box.height)
        landmarks = np.asarray(face.landmarks - np.array([left, top]), np.float32)
        yield Scene(
            part, box, landmarks, shot.source, shot.source, shot.species, shot.person,
            shot.presentation, shot.name,
        )  # fmt: skip


def web_scenes(data: Path, count: int) -> Iterator[Scene]:
    """`count` crops of the zip files in `data`, evenly spread, each of a person of its own."""
    for name in WEB_FILES if count else ():
        path = data / f"{name}.zip"
        members = zip_members(path)
        with zipfile.ZipFile(path) as archive:
            for row in np.linspace(0, len(members) - 1, count // len(WEB_FILES)).astype(int):
                image = decode(archive.read(members[row]), members[row])
                one = f"{WEB}/{name}/{members[row]}"
                yield Scene(image, _CROP_BOX, _CROP_LANDMARKS, WEB, WEB, LIVE, one, one, one)


def _around(image: Image, box: Box) -> tuple[Image, tuple[int, int]]:
    """What is kept of a frame, and where its corner was."""
    height, width = image.shape[:2]
    x, y = box.centre
    half = AROUND * box.height
    left, top = int(max(0, x - half)), int(max(0, y - half))
    right, bottom = int(min(width, x + half)), int(min(height, y + half))
    return image[top:bottom, left:right], (left, top)
