"""Pictures as nobody took them: two laid over each other or side by side, tinted, moved.

A teacher can be asked about anything, and what it says of such pictures pins down what it looks
for where no picture of ours is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from kiosk.vision.liveness.view import SIDE

LAID, CUT, TINTED, MOVED = 0.12, 0.13, 0.4, 0.4
"""Shares: laid over each other, cut in two, tinted, moved and made larger or smaller."""
ZOOM, SHIFT = 0.35, 0.2
TINT, LIGHT = 0.35, 0.3
_DOWN, _ACROSS = np.mgrid[:SIDE, :SIDE] - SIDE / 2
HALF: Final = SIDE / 3  # pixels: as far from the middle a cut may be


def wild(views: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """(n, SIDE, SIDE, 3), some of them changed so, each with another of them."""
    n = len(views)
    kind = rng.random(n)[:, None, None, None]
    x: NDArray[np.float32] = views.astype(np.float32)
    angle, off = rng.uniform(0, 2 * np.pi, n), rng.uniform(-HALF, HALF, n)
    side = np.cos(angle)[:, None, None] * _ACROSS + np.sin(angle)[:, None, None] * _DOWN
    share = np.where(kind < LAID, rng.uniform(0.3, 0.8, (n, 1, 1, 1)), 1.0)
    cut = (side + off[:, None, None] > 0)[..., None]
    share = np.where((kind >= LAID) & (kind < LAID + CUT), cut, share).astype(np.float32)
    x = np.asarray(share * x + (1 - share) * x[rng.permutation(n)], np.float32)
    tint = np.exp(rng.uniform(-TINT, TINT, (n, 1, 1, 3)) + rng.uniform(-LIGHT, LIGHT, (n, 1, 1, 1)))
    x *= np.where(rng.random((n, 1, 1, 1)) < TINTED, tint, 1.0).astype(np.float32)
    moves = rng.random(n) < MOVED
    x[moves] = _moved(x[moves], rng)
    return np.clip(x.round(), 0, 255).astype(np.uint8)


def _moved(x: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    n = len(x)
    zoom = np.exp(rng.uniform(-ZOOM, ZOOM, n))
    by = np.zeros((n, 2, 3), np.float32)
    by[:, 0, 0] = by[:, 1, 1] = zoom
    by[:, :, 2] = rng.uniform(-SHIFT, SHIFT, (n, 2))
    pictures = torch.from_numpy(x).permute(0, 3, 1, 2)
    where = functional.affine_grid(torch.from_numpy(by), list(pictures.shape), align_corners=False)
    moved = functional.grid_sample(pictures, where, padding_mode="reflection", align_corners=False)
    return np.ascontiguousarray(moved.permute(0, 2, 3, 1).numpy())
