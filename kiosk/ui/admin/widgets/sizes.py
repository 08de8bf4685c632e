"""How large the panel is drawn, so that a larger screen shows more and not only larger."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize

BASE = QSize(1280, 800)
"""The smallest window, drawn at scale 1."""
DENSITY = 96.0
"""Pixels an inch at which scale 1 has rows of a finger's height."""
_BELIEVED = (60.0, 500.0)
"""What a screen can say of its own density; outside it knows nothing."""


def panel_scale(size: QSize, density: float) -> float:
    """The scale for a window of ``size`` pixels on a screen of ``density`` pixels an inch, in
    steps of 0.05. What fills the window is the most; the least grows with its root, for many
    screens name a density that is not theirs."""
    fills = min(size.width() / BASE.width(), size.height() / BASE.height())
    if fills <= 1.0:
        return 1.0
    wanted = density / DENSITY if _BELIEVED[0] <= density <= _BELIEVED[1] else 1.0
    return round(min(max(wanted, math.sqrt(fills)), fills, 4.0) * 20) / 20
