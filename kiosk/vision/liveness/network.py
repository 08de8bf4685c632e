"""Does a face look like skin before this camera, or like paper or a screen?

By one frame, of the face and what is around it; ``models/liveness.md`` says how often that is
wrong. What several frames say is for ``kiosk.domain.liveness.passive``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Face, Image
from kiosk.domain.language import _
from kiosk.vision.litert import Network
from kiosk.vision.liveness.view import SIDE, around
from kiosk.vision.manifest import read_manifest

FILE_NAME: Final = "liveness.tflite"


class LivenessNetwork:
    """The network on LiteRT. One thread owns it. It learned from pictures in which a face is 60 to
    300 px large; a smaller one is judged all the same, less well."""

    def __init__(self, model: bytes, *, threads: int = 1) -> None:
        self._network = Network(model, (SIDE, SIDE), threads)
        if self._network.widths != (1,):
            raise ModelError(
                _(
                    "The file {name} should answer with 1 number, but answers with {widths}; "
                    "restore the folder models from the release."
                ).format(name=FILE_NAME, widths=self._network.widths)
            )

    def answer(self, image: Image, face: Face) -> float:
        """The logarithm of the odds that ``face`` in ``image`` is live."""
        return self.of_view(around(image, face.box))

    def of_view(self, view: Image) -> float:
        """The same of what ``around`` shows, (SIDE, SIDE, 3)."""
        return float(self._network.run(view[None].astype(np.float32))[1][0, 0])


def load_liveness(models: Path, *, threads: int = 1) -> LivenessNetwork:
    """The network in the folder ``models``.

    Raises:
        ModelError: missing, altered, or not what this program needs.
    """
    return LivenessNetwork(read_manifest(models).read_file(FILE_NAME), threads=threads)
