"""People of several training files, nobody under two names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.lab.calibration.people import read_alike, read_part
from kiosk.lab.calibration.scale import one_name_each
from kiosk.lab.evaluation.encoders import Candidate
from kiosk.lab.evaluation.metrics import Floats

HARD = ("celeba", "fiw")
"""The files whose people kept for judging fill galleries; relatives are among them."""


def read_once(
    part: str,
    sources: Sequence[str],
    candidate: Candidate,
    data: Path,
    models: Path,
    cache: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Floats, NDArray[np.str_]]:
    """One part's vectors (n, dimension), source after source, and whose (n,) they are."""
    read = [read_part(part, s, candidate, data, models, cache, say=say) for s in sources]
    alike = np.concatenate([read_alike(part, s, data, models, cache, say=say) for s in sources])
    names = one_name_each(alike, np.concatenate([one.people for one in read]))
    return np.concatenate([one.vectors for one in read]), names
