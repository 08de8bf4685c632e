"""Varied views by the ten thousand, as files that are looked into.

A pool is a folder of parts; each is written beside and renamed, so that one that was cut off is
made anew. The same seed makes the same part.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.chances import chances
from kiosk.lab.liveness.scenes import Scenes
from kiosk.lab.liveness.variants import Variants
from kiosk.vision.liveness.view import SIDE

A_PART = 4000  # views, 77 MB
ARRAYS: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "views": (np.uint8, (SIDE, SIDE, 3)),
    "scene": (np.int32, ()),
}


class Pool:
    """All parts in a folder.  Raises BadInput where there is none."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("part-*[0-9]"))
        try:
            self._parts = [
                {name: np.load(path / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
                for path in paths
            ]
        except (OSError, ValueError) as error:
            raise BadInput(
                f"{folder} should hold the views that `liveness-views` writes, but a part can't be "
                f"read ({error}); remove it and run `liveness-views`."
            ) from error
        if not self._parts:
            raise BadInput(f"{folder} holds no views to learn from; run `liveness-views` first.")
        self.scene = np.concatenate([part["scene"] for part in self._parts])
        """Whose view each is: int32 (n,), rows of the scenes."""
        sizes = [len(part["scene"]) for part in self._parts]
        self._part = np.repeat(np.arange(len(sizes)), sizes)
        self._place = np.concatenate([np.arange(size) for size in sizes])

    def __len__(self) -> int:
        return len(self.scene)

    def views(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Of the rows given, in their order: uint8 (n, SIDE, SIDE, 3)."""
        return np.stack([self._parts[self._part[row]]["views"][self._place[row]] for row in rows])


def missing(folder: Path, parts: int) -> list[int]:
    """Which of so many parts are still to be made."""
    return [part for part in range(parts) if not _path(folder, part).exists()]


def write_part(folder: Path, part: int, scenes: Scenes, count: int = A_PART, seed: int = 1) -> None:
    """Make one part of `count` views anew."""
    path = _path(folder, part)
    partial = path.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    arrays = {
        name: np.lib.format.open_memmap(partial / f"{name}.npy", "w+", kind, (count, *shape))
        for name, (kind, shape) in ARRAYS.items()
    }
    rng, variants = np.random.default_rng((seed, part, 0)), Variants((seed, part, 1))
    drawn = chances(scenes)
    done = 0
    while done < count:
        row = int(rng.choice(len(drawn), p=drawn))
        view = variants.view(scenes.image(row), scenes.face(row).box)
        if view is not None:
            arrays["views"][done], arrays["scene"][done] = view, row
            done += 1
    for array in arrays.values():
        array.flush()
    partial.replace(path)


def _path(folder: Path, part: int) -> Path:
    return folder / f"part-{part:04d}"
