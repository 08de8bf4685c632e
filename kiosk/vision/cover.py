"""Is a face covered, by a mask or by sunglasses?

A hint for people, not a check against attacks: whoever is recognised in spite of it is let in as
ever, and whoever is refused hears the likely reason. A network of one hidden layer, learned by
``kiosk.lab cover`` from faces with masks and sunglasses drawn on them; docs/lab.md has its figures.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Image
from kiosk.domain.language import _

FILE_NAME = "cover.npz"
SIDE = 28  # pixels
FEATURES = (
    SIDE * SIDE
    + 2 * (SIDE // 2) ** 2
    + (SIDE // 4) * (SIDE // 4 - 1)
    + (SIDE // 4 - 1) * (SIDE // 4)
)
_CELL = 4

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """The network: ``mean`` and ``scale`` (FEATURES,) standardise, ``first`` (FEATURES, hidden) and
    ``first_bias`` (hidden,), ``second`` (hidden, 3) and ``second_bias`` (3,) answer for uncovered,
    mask and sunglasses. ``limit`` (0 to 1): from this share of belief on a face is covered."""

    mean: Floats
    scale: Floats
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    limit: float

    @classmethod
    def read(cls, content: bytes) -> Cover:
        """From the file's bytes.

        Raises:
            ModelError: it holds something else.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                names = ("mean", "scale", "first", "first_bias", "second", "second_bias")
                mean, scale, first, first_bias, second, second_bias = (
                    np.asarray(stored[name], np.float32) for name in names
                )
                limit = float(stored["limit"])
            found = cls(mean, scale, first, first_bias, second, second_bias, limit)
        except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
            raise ModelError(
                _(
                    "The file {name} should hold the weights of the check for covered faces, but "
                    "does not ({error}); restore the folder models from the release."
                ).format(name=FILE_NAME, error=error)
            ) from error
        if found.first.shape[0] != FEATURES or found.second.shape[1:] != (3,):
            raise ModelError(
                _(
                    "The file {name} holds weights of the shape {shape}, which do not fit; restore "
                    "the folder models from the release."
                ).format(name=FILE_NAME, shape=found.first.shape)
            )
        return found

    def belief(self, rows: Floats) -> Floats:
        """How likely each of n faces, by its ``features`` (n, FEATURES), is covered: 0 to 1."""
        hidden = np.maximum((rows - self.mean) / self.scale @ self.first + self.first_bias, 0)
        answers = hidden @ self.second + self.second_bias
        answers = np.exp(answers - answers.max(axis=1, keepdims=True))
        return np.asarray(1 - answers[:, 0] / answers.sum(axis=1), np.float32)

    def covers(self, crop: Image) -> bool:
        """Whether the face on an aligned RGB crop (size, size, 3) is covered; 0.1 ms."""
        return bool(self.belief(features(crop)[None])[0] >= self.limit)


def features(crop: Image) -> Floats:
    """What is looked at of an aligned RGB crop (size, size, 3): brightness without contrast, colour
    without the face's own, and how much detail each part has. (FEATURES,) float32."""
    small = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    luma, *colours = np.moveaxis(
        cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb).astype(np.float32) / 255, 2, 0
    )
    luma = (luma - luma.mean()) / (luma.std() + np.float32(0.05))
    across = _cells(np.abs(np.diff(luma, axis=1)))
    down = _cells(np.abs(np.diff(luma, axis=0)))
    tones = [(colour - colour.mean())[::2, ::2].ravel() for colour in colours]
    return np.concatenate([luma.ravel(), *tones, across, down]).astype(np.float32)


def _cells(values: Floats) -> Floats:
    rows, columns = values.shape[0] // _CELL, values.shape[1] // _CELL
    cut = values[: rows * _CELL, : columns * _CELL]
    means = cut.reshape(rows, _CELL, columns, _CELL).mean(axis=(1, 3))
    return np.asarray(means.ravel(), np.float32)
