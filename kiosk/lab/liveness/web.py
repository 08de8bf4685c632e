"""Faces of the web in surroundings that no camera showed them in: tight, set into another picture,
before one colour. Nobody says whether they are live; what MiniFASNet sees in them is learned."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image
from kiosk.lab.data.crops import CROP_SIZE, decode, zip_members
from kiosk.lab.liveness.variants import Variants

FILES: Final = ("celeba", "fairface", "fiw", "pins", "utkface")
TIGHT: Final = 0.5  # of all: nothing but the face is seen
SET_IN: Final = (1.25, 3.2)  # times the crop's side: the picture that the others are set into
COLOUR: Final = 0.4  # of those: before one colour
SOFT: Final = 0.5  # of those: cut out as a head, not as a rectangle
_ALIGNED: Final = (0.2, 0.16, 0.6, 0.74)  # of the crop's side: where the detector's box lies


class WebFaces:
    """Draws them from the zip files in a folder; the same seed draws the same ones."""

    def __init__(self, data: Path, seed: int) -> None:
        self._rng = np.random.default_rng((seed, 0))
        self._variants = Variants((seed, 1))
        self._zips = [zipfile.ZipFile(data / f"{name}.zip") for name in FILES]
        self._members = [zip_members(data / f"{name}.zip") for name in FILES]

    def views(self, count: int) -> NDArray[np.uint8]:
        """So many, uint8 (count, SIDE, SIDE, 3)."""
        found: list[Image] = []
        while len(found) < count:
            view = self._variants.view(*self._posed())
            if view is not None:
                found.append(view)
        return np.stack(found)

    def _posed(self) -> tuple[Image, Box]:
        crop = self._crop()
        if self._happens(TIGHT):
            return crop, _box(0, 0)
        width, height = (
            max(CROP_SIZE + 6, int(CROP_SIZE * self._rng.uniform(*SET_IN))) for _ in range(2)
        )
        scene = self._behind(width, height)
        left = int(self._rng.uniform(0.25, 0.75) * (width - CROP_SIZE))
        top = int(self._rng.uniform(0.15, 0.75) * (height - CROP_SIZE))
        place = np.s_[top : top + CROP_SIZE, left : left + CROP_SIZE]
        mask = self._mask()
        scene[place] = (mask * crop + (1 - mask) * scene[place]).astype(np.uint8)
        return scene, _box(left, top)

    def _behind(self, width: int, height: int) -> NDArray[np.uint8]:
        if self._happens(COLOUR):
            grain = self._rng.normal(0, self._rng.uniform(0, 5), (height, width, 3))
            return np.clip(self._rng.uniform(0, 255, 3) + grain, 0, 255).astype(np.uint8)
        side = int(self._rng.integers(50, 64))
        left, top = self._rng.integers(0, 64, 2)
        part = self._crop()[top : top + side, left : left + side]
        scene: NDArray[Any] = cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC)
        if self._happens(0.5):
            scene = cv2.GaussianBlur(scene, (0, 0), self._rng.uniform(0.5, 4))
        return np.array(scene, np.uint8)

    def _mask(self) -> NDArray[np.float64]:
        """(CROP_SIZE, CROP_SIZE, 1): a head or everything."""
        if not self._happens(SOFT):
            return np.ones((CROP_SIZE, CROP_SIZE, 1))
        down, across = np.mgrid[:CROP_SIZE, :CROP_SIZE] - CROP_SIZE / 2
        wide, high = self._rng.uniform((48, 54), (62, 64))
        inside = 1 - (across / wide) ** 2 - (down / high) ** 2
        mask: NDArray[np.float64] = np.clip(inside * self._rng.uniform(2, 12), 0, 1)[..., None]
        return mask

    def _crop(self) -> Image:
        place = int(self._rng.integers(len(self._zips)))
        members = self._members[place]
        name = members[int(self._rng.integers(len(members)))]
        return decode(self._zips[place].read(name), name)

    def _happens(self, share: float) -> bool:
        return bool(self._rng.random() < share)


def _box(left: int, top: int) -> Box:
    x, y, width, height = (CROP_SIZE * part for part in _ALIGNED)
    return Box(left + x, top + y, width, height)
