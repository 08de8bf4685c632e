"""How far a head is turned, told so that a flat picture can't pretend to it.

Seen as a parallelogram of eyes and mouth, the nose of a flat picture stays where it is however the
picture is held: only bending it, or holding it aslant close to the lens, moves the nose, and a
little. A head's nose stands before that plane and goes aside as the head turns.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kiosk.domain.frame import Points
from kiosk.vision.quality import pose

EYES_A_HEIGHT: Final = 0.9
"""The distance between the eyes by that from the eyes to the mouth, from the front: the median of
MTCNN's landmarks (0.92 on LFW, 0.90 on NUAA, 0.81 to 0.97 on five people's clips)."""


def turn(landmarks: Points) -> float:
    """How far the nose stands beside the middle of the eyes, in distances between the eyes as seen
    from the front; above nothing towards the right of the picture, whatever the head's roll.

    The distance between the eyes shrinks as a head turns, and with it a picture of one that is
    turned away: so much that a bent photo's little bow would look like a turn. The face's height
    does not, so it says how far the eyes would be apart.

    Raises:
        BadImage: the landmarks don't span a face.
    """
    across, _down = pose(landmarks)
    left_eye, right_eye, _nose, left_mouth, right_mouth = landmarks.astype(np.float64)
    eyes = float(np.hypot(*(right_eye - left_eye)))
    height = float(np.hypot(*((left_mouth + right_mouth) - (left_eye + right_eye)))) / 2
    return across * eyes / max(eyes, EYES_A_HEIGHT * height)
