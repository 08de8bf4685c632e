"""EfficientNet-B0's plan, shared by the Keras model and its PyTorch twin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput

Pooling = Literal["gdc", "average"]
Trunk = Literal["conv2", "mobilenet", "resnet50", "efficientnet-b0", "pair-head"]
Features = Literal["concatenated", "commutative"]

MEAN = (0.485, 0.456, 0.406)  # ImageNet, of RGB 0 to 1
STD = (0.229, 0.224, 0.225)
BN_EPSILON = 1e-3
GDC_SIZE = 4  # what a 112 px crop leaves after five halvings: 56, 28, 14, 7, 4
TOP_EXPANSION = 4  # of the last block's channels


@dataclass(frozen=True, slots=True)
class Block:
    """One inverted residual block; `name` is Keras's, such as block2a."""

    name: str
    kernel: int
    stride: int
    c_in: int
    c_out: int
    expand: int


def scaled(scale: float) -> tuple[Block, ...]:
    """The plan of a network with that share of B0's channels and of each stage's blocks, one at
    least: a small one of the same make."""
    # kernel, repeats, in, out, expand, stride: Tan & Le 2019, table 1
    stages = (
        (3, 1, 32, 16, 1, 1),
        (3, 2, 16, 24, 6, 2),
        (5, 2, 24, 40, 6, 2),
        (3, 3, 40, 80, 6, 2),
        (5, 3, 80, 112, 6, 1),
        (5, 4, 112, 192, 6, 2),
        (3, 1, 192, 320, 6, 1),
    )
    return tuple(
        Block(
            name=f"block{stage}{'abcd'[i]}",
            kernel=kernel,
            stride=stride if i == 0 else 1,
            c_in=round(scale * (c_in if i == 0 else c_out)),
            c_out=round(scale * c_out),
            expand=expand,
        )
        for stage, (kernel, repeats, c_in, c_out, expand, stride) in enumerate(stages, 1)
        for i in range(math.ceil(scale * repeats))
    )


BLOCKS = scaled(1.0)


def check_backbone(missing: Sequence[str], path: Path) -> None:
    """Raise BadInput where a weight file lacks more than what ImageNet's network does not have."""
    lacking = [name for name in missing if not name.startswith(("gdc/", "embedding/"))]
    if lacking:
        raise BadInput(
            f"{path} should hold EfficientNet-B0's weights under Keras's names, but "
            f"{len(lacking)} are not in it, {lacking[0]} among them; give another file as "
            "--backbone-weights."
        )


def upsampling(size: int) -> NDArray[np.float32]:
    """Linear interpolation from `size` to GDC_SIZE samples as a matrix (GDC_SIZE, size).

    Half-pixel centres, edges repeated.  The global depthwise convolution of a map of another size
    is defined as that of the map resized to GDC_SIZE; applied to the kernel it costs nothing.
    """
    matrix = np.zeros((GDC_SIZE, size), np.float32)
    for row in range(GDC_SIZE):
        x = (row + 0.5) * size / GDC_SIZE - 0.5
        left = int(np.floor(x))
        for column, weight in ((left, 1 - (x - left)), (left + 1, x - left)):
            matrix[row, min(max(column, 0), size - 1)] += weight
    return matrix
