"""What networks say of frames read as they lie: the file that ships, and MiniFASNet beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kiosk.domain.frame import Image
from kiosk.lab.liveness.faces import Located
from kiosk.lab.liveness.judge import FILLED, MINIFASNET, WHOLE, Subject, odds, weighed
from kiosk.lab.liveness.minifasnet import MiniFasNet, cut
from kiosk.lab.liveness.pack import FILLS
from kiosk.lab.liveness.sources import Shot, read
from kiosk.vision.canvas import CANVAS, VIEW, canvas
from kiosk.vision.liveness import LivenessNetwork


def filled(image: Image) -> Image:
    """A canvas of which nothing but the near view is seen."""
    edge = (CANVAS - VIEW) // 2
    out = np.zeros_like(image)
    inner = slice(edge, edge + VIEW)
    out[inner, inner] = image[inner, inner]
    return out


def judged(
    title: str,
    shots: Sequence[Shot],
    located: Located,
    network: LivenessNetwork,
    other: MiniFasNet | None,
) -> Subject:
    """Of the frames in which a face was found; its rows are those among `shots`."""
    ours: dict[str, list[tuple[float, float]]] = {WHOLE: [], FILLED: []}
    theirs: dict[str, list[float]] = {WHOLE: [], FILLED: []}
    for row, image in enumerate(read(shots)):
        if not located.found[row]:
            continue
        face = located.face(row)
        view = canvas(image, face.landmarks)
        ours[WHOLE].append(network.logits(view))
        ours[FILLED].append(network.logits(filled(view)))
        if other is not None:
            theirs[WHOLE].append(other.score(image, face.box))
            theirs[FILLED].append(other.score(*cut(image, face.box, FILLS)))
    columns = {
        (name, view): values
        for view, answers in ours.items()
        for name, values in weighed(np.array(answers)).items()
    }
    if other is not None:
        columns |= {(MINIFASNET, view): odds(np.array(values)) for view, values in theirs.items()}
    rows = np.flatnonzero(located.found)
    seen = [shots[int(row)] for row in rows]
    species, people, presentations = (
        np.array([getattr(shot, name) for shot in seen])
        for name in ("species", "person", "presentation")
    )
    return Subject(title, rows, species, people, presentations, columns)
