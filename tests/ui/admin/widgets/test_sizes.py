"""How large the panel is drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize

from kiosk.ui.admin.widgets.sizes import panel_scale


@pytest.mark.parametrize(
    ("size", "density", "scale"),
    [
        ((1280, 800), 96, 1.0),
        ((800, 1280), 96, 1.0),
        ((640, 480), 300, 1.0),
        # A small screen of many pixels is drawn large, a large one shows more.
        ((3840, 2160), 330, 2.7),
        ((3840, 2160), 163, 1.7),
        ((3840, 2160), 96, 1.65),
        # What a screen can't be is not believed.
        ((3840, 2160), 0, 1.65),
        ((3840, 2160), 4000, 1.65),
    ],
)
def test_the_scale_follows_the_screens_density(
    size: tuple[int, int], density: float, scale: float
) -> None:
    assert panel_scale(QSize(*size), density) == pytest.approx(scale)
