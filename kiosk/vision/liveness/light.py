"""What light comes from a face and from what is around it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image
from kiosk.domain.liveness.cues import Linear, Lit
from kiosk.domain.liveness.light import linear
from kiosk.vision.liveness.around import Mask

_LINEAR: Final = linear(np.arange(256)).astype(np.float32)
_CHEEKS: Final = (0.25, 0.75), (0.25, 0.8)  # of the face's box, across and down: no hair
_BURNT: Final = 250
"""What is as bright as this has lost its colour and is left out."""
_FEWEST: Final = 30  # pixels


def lit(image: Image, face: Box, ring: Mask) -> Lit | None:
    """Of a small picture, the face's box and the ring in it; None where too little of the face is
    in the picture or all of it is burnt out."""
    rows, columns = image.shape[:2]
    (left, right), (top, bottom) = _CHEEKS
    x = np.clip([face.x + left * face.width, face.x + right * face.width], 0, columns).astype(int)
    y = np.clip([face.y + top * face.height, face.y + bottom * face.height], 0, rows).astype(int)
    skin = _mean(image[y[0] : y[1], x[0] : x[1]].reshape(-1, 3))
    # Every sixteenth pixel of what is around tells as much at a fraction of the cost.
    around = image[::4, ::4][ring[::4, ::4]]
    return None if skin is None else Lit(skin, _mean(around))


def _mean(pixels: NDArray[np.uint8]) -> Linear | None:
    fine = pixels < _BURNT
    kept = pixels[fine[:, 0] & fine[:, 1] & fine[:, 2]]  # all(axis=1), in half the time
    if len(kept) < _FEWEST:
        return None
    red, green, blue = _LINEAR[kept].mean(axis=0, dtype=np.float64)
    return float(red), float(green), float(blue)
