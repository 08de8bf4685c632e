"""People who do not exist: two aligned faces melted into one, for distillation only.

The training crops hold few people with many pictures, and a student learns those people instead of
faces.  The teacher has an answer for any face, so new ones are made, and asked about once: function
matching (Beyer et al. 2022) with a mixup (Zhang et al. 2018) whose mask runs across the face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.lab.data.crops import CROP_SIZE, CropSet, Split

Image = NDArray[np.uint8]

SOURCE = "blend"
ROUND = 100_000
MOST = 10  # of one crop: more of the same few faces teach little, and the teacher is asked of each


@dataclass(frozen=True, slots=True)
class Recipe:
    """Rows `a` and `b`, and the ramp between them: where it runs (`angle`, radians; `offset`,
    pixels from the middle) and how wide it is (`width`, pixels: narrow for a seam, wide for a
    mixture all over).  `mirror` turns `b`."""

    a: int
    b: int
    angle: float
    offset: float
    width: float
    mirror: bool

    @property
    def name(self) -> str:
        """Says everything, so that a cache keyed by names is never another recipe's."""
        turned = "m" if self.mirror else ""
        place = f"{self.angle:.2f}_{self.offset:.1f}_{self.width:.0f}"
        return f"{SOURCE}/{self.a}_{self.b}{turned}_{place}.webp"


def recipes(rows: NDArray[np.int64], count: int, seed: int) -> tuple[Recipe, ...]:
    """`count` seeded pairs of `rows`, by chance of two people as good as always.

    They are drawn in rounds of ROUND, so that the first rounds stay when more are asked for.
    """
    made: list[Recipe] = []
    for turn, start in enumerate(range(0, count, ROUND)):
        size = min(ROUND, count - start)
        rng = np.random.default_rng([seed, 5, turn])
        a, b = rng.choice(rows, (2, size))
        angle = rng.uniform(0, 2 * np.pi, size)
        offset = rng.uniform(-14, 14, size)
        width = np.exp(rng.uniform(np.log(12), np.log(600), size))
        mirror = rng.random(size) < 0.5
        columns = (a, b, angle, offset, width, mirror)
        made += [Recipe(*v) for v in zip(*(c.tolist() for c in columns), strict=True)]
    return tuple(made)


def blend(a: Image, b: Image, recipe: Recipe) -> Image:
    """Two crops (128, 128, 3) as one."""
    place = np.arange(CROP_SIZE, dtype=np.float32) - (CROP_SIZE - 1) / 2
    across = np.float32(np.cos(recipe.angle)) * place[None, :]
    along = np.float32(np.sin(recipe.angle)) * place[:, None]
    ramp = np.clip(0.5 + (across + along - recipe.offset) / recipe.width, 0, 1)
    other = np.ascontiguousarray(b[:, ::-1]) if recipe.mirror else np.asarray(b)
    return np.asarray(cv2.blendLinear(np.asarray(a), other, 1 - ramp, ramp), np.uint8)


class BlendedImages:
    """Looks like the array of a CropSet's pictures; rows beyond the crops are made when read."""

    def __init__(self, images: NDArray[np.uint8], made: Sequence[Recipe]) -> None:
        self._images, self._made = images, made

    def __len__(self) -> int:
        return len(self._images) + len(self._made)

    @overload
    def __getitem__(self, rows: int) -> Image: ...
    @overload
    def __getitem__(self, rows: NDArray[np.int64]) -> Image: ...
    def __getitem__(self, rows: Any) -> Image:
        """uint8 (128, 128, 3) for a row, (n, 128, 128, 3) for rows (n,)."""
        if np.ndim(rows) == 0:
            return self._one(int(rows))
        return np.stack([self._one(int(row)) for row in rows])

    def _one(self, row: int) -> Image:
        if row < len(self._images):
            return np.asarray(self._images[row])
        recipe = self._made[row - len(self._images)]
        return blend(self._images[recipe.a], self._images[recipe.b], recipe)


def with_blends(crops: CropSet, split: Split, count: int, seed: int) -> tuple[CropSet, Split]:
    """The crops and, behind them, `count` people made of the crops to train on, or MOST times as
    many as those where they are few; nobody held out takes part."""
    count = min(count, MOST * len(split.train))
    if not count:
        return crops, split
    made = recipes(split.train, count, seed)
    names = tuple(recipe.name for recipe in made)
    more = replace(
        crops,
        images=BlendedImages(crops.images, made),  # type: ignore[arg-type]
        names=(*crops.names, *names),
        identities=(*crops.identities, *names),
        labelled=np.concatenate([crops.labelled, np.zeros(count, np.bool_)]),
    )
    rows = np.arange(len(crops), len(crops) + count)
    return more, replace(split, train=np.concatenate([split.train, rows]))
