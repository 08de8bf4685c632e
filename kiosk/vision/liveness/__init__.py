"""Is it a face before the camera or a picture of one: what frames say, a part each.

``network`` looks at skin and surroundings, ``turn`` at where the nose stands. ``eyes`` asks all of
them: the ``LivenessCheck`` port.
"""

from kiosk.vision.liveness.network import (
    FILE_NAME,
    LivenessNetwork,
    LivenessScore,
    fused,
    load_liveness,
)

__all__ = ["FILE_NAME", "LivenessNetwork", "LivenessScore", "fused", "load_liveness"]
