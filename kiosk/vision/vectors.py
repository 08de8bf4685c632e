"""What every encoder does with its network's answer."""

from __future__ import annotations

import numpy as np

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Vector
from kiosk.domain.language import _


def unit(vector: Vector) -> Vector:
    """A vector divided by its length, float32.

    Raises:
        ModelError: it has no length, or is not finite: the network is broken.
    """
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        raise ModelError(
            _(
                "An encoder's vector should have a length, but it is {length}; the model file "
                "is broken. Choose another encoder in the settings or restore the folder "
                "models."
            ).format(length=length)
        )
    return np.asarray(vector / length, np.float32)
