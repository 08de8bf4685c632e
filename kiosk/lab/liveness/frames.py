"""What networks say of frames read as they lie: the file that ships, and MiniFASNet beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.lab.liveness.faces import Located
from kiosk.lab.liveness.judge import FILLED, MINIFASNET, OURS, WHOLE, Subject, odds
from kiosk.lab.liveness.minifasnet import MiniFasNet
from kiosk.lab.liveness.plain import filled
from kiosk.lab.liveness.sources import Shot, read
from kiosk.vision.liveness.network import LivenessNetwork
from kiosk.vision.liveness.view import around


def judged(
    title: str,
    shots: Sequence[Shot],
    located: Located,
    network: LivenessNetwork,
    other: MiniFasNet | None,
) -> Subject:
    """Of the frames in which a face was found; its rows are those among `shots`."""
    ours: dict[str, list[float]] = {WHOLE: [], FILLED: []}
    theirs: dict[str, list[float]] = {WHOLE: [], FILLED: []}
    for row, image in enumerate(read(shots)):
        if not located.found[row]:
            continue
        face = located.face(row)
        for view, picture, there in (
            (WHOLE, image, face), (FILLED, *filled(image, face)),
        ):  # fmt: skip
            ours[view].append(network.of_view(around(picture, there.box)))
            if other is not None:
                theirs[view].append(other.score(picture, there))
    columns = {(OURS, view): np.array(values) for view, values in ours.items()}
    if other is not None:
        columns |= {(MINIFASNET, view): odds(np.array(values)) for view, values in theirs.items()}
    rows = np.flatnonzero(located.found)
    seen = [shots[int(row)] for row in rows]
    species, people, presentations = (
        np.array([getattr(shot, name) for shot in seen])
        for name in ("species", "person", "presentation")
    )
    return Subject(title, rows, species, people, presentations, columns)
