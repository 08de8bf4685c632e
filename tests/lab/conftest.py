"""Small made-up crops, and a teacher that costs nothing."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

# Before anything imports PyTorch or TensorFlow.  One thread each: networks this small gain nothing
# from a second one, and several wait for each other where another test has the core.
os.environ |= {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.lab.data.crops import CropSet


@pytest.fixture(scope="session", autouse=True)
def _imported_once() -> Iterator[None]:
    """What TensorFlow and the rest brought lives for as long as the tests: Keras collects garbage
    with every network, and looking through it all takes two seconds each time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def made_up_crops(people: int = 8, each: int = 4) -> CropSet:
    rng = np.random.default_rng(5)
    n = people * each
    coarse = rng.integers(0, 256, (n, 8, 8, 3), dtype=np.uint8)
    return CropSet(
        images=coarse.repeat(16, axis=1).repeat(16, axis=2),
        names=tuple(f"toy/p{i // each}/{i}.webp" for i in range(n)),
        identities=tuple(f"toy/p{i // each}" for i in range(n)),
        labelled=np.ones(n, np.bool_),
    )


class FakeTeacher:
    """Mean colours of sixteen patches, normalised."""

    dimension = 48
    key = "fake"

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked += len(crops)
        patches = crops.reshape(len(crops), 4, 28, 4, 28, 3).mean(axis=(2, 4))
        vectors = patches.reshape(len(crops), -1) - 127
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def crops() -> CropSet:
    return made_up_crops()


@pytest.fixture
def teacher() -> FakeTeacher:
    return FakeTeacher()
