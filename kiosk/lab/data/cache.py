"""Arrays that take long to make are kept in files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def cached(
    path: Path,
    make: Callable[[], NDArray[Any]],
    say: Callable[[str], None] = lambda line: None,
) -> NDArray[Any]:
    """What the file `path` (.npy) holds; where it is not there yet, what `make` answers with, which
    is then there. A file that was cut off never takes its place."""
    if path.exists():
        return np.asarray(np.load(path))
    say(f"Making {path.name}.")
    values = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".partial.npy")
    np.save(unfinished, values)
    unfinished.replace(path)
    return values
