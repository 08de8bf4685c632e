"""Does a face look like skin before this camera, or like paper or a screen?

One network looks at two views of the same frame. The near view is the face alone, as sharply as
the camera shows it: paper, halftone, a grid of pixels, moire. The far view is what lies around it,
at half the resolution: an edge of paper, a bezel, a hand. Either may tell; where a photo fills the
frame only the near one can. ``export-liveness`` writes a card that says how often both are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Face, Image
from kiosk.domain.language import _
from kiosk.vision.canvas import CANVAS, canvas
from kiosk.vision.litert import Network
from kiosk.vision.manifest import read_manifest

FILE_NAME = "liveness.tflite"


@dataclass(frozen=True, slots=True)
class LivenessScore:
    """What the network says of one face in one frame: how likely it is live, 0 to 1, by the face
    itself (``near``), by what is around it (``far``), and by both (``both``)."""

    near: float
    far: float
    both: float


class LivenessNetwork:
    """The network on LiteRT. One thread owns it. It learned from pictures in which a face is 60 to
    300 px large; a smaller one is judged all the same, less well."""

    def __init__(self, model: bytes, *, threads: int = 1) -> None:
        self._network = Network(model, (CANVAS, CANVAS), threads)
        if self._network.widths != (2,):
            raise ModelError(
                _(
                    "The file {name} should answer with 2 numbers, but answers with {widths}; "
                    "restore the folder models from the release."
                ).format(name=FILE_NAME, widths=self._network.widths)
            )

    def score(self, image: Image, face: Face) -> LivenessScore:
        """How likely ``face`` in ``image`` is live.

        Raises:
            BadImage: the face's landmarks don't span a face.
        """
        return fused(*self.answers(image, face))

    def answers(self, image: Image, face: Face) -> tuple[float, float]:
        """The logarithms of the odds that ``face`` in ``image`` is live, by the near and the far
        view.

        Raises:
            BadImage: the face's landmarks don't span a face.
        """
        return self.logits(canvas(image, face.landmarks))

    def logits(self, image: Image) -> tuple[float, float]:
        """The network's answers for a picture cut by ``canvas``: logarithms of the odds that it is
        live, by the near and the far view."""
        near, far = self._network.run(image[None].astype(np.float32))[2][0]
        return float(near), float(far)


def fused(near: float, far: float) -> LivenessScore:
    """From the network's two answers, logarithms of odds; both together is their mean's odds."""
    low, high, mean = _odds(np.array([near, far, (near + far) / 2]))
    return LivenessScore(float(low), float(high), float(mean))


def load_liveness(models: Path, *, threads: int = 1) -> LivenessNetwork:
    """The network in the folder ``models``.

    Raises:
        ModelError: missing, altered, or not what this program needs.
    """
    return LivenessNetwork(read_manifest(models).read_file(FILE_NAME), threads=threads)


def _odds(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))
