from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.ui.common.palette import DARK, LIGHT, BandKind, Palette, contrast, luminance

THEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert luminance("#ff0000") == pytest.approx(0.2126)


@THEMES
@pytest.mark.parametrize("kind", BandKind)
def test_text_on_every_band_reaches_seven_to_one(palette: Palette, kind: BandKind) -> None:
    pair = palette.band(kind)
    assert contrast(pair.fill, pair.ink) >= 7


@THEMES
def test_text_of_the_panel(palette: Palette) -> None:
    for ground in (palette.window, palette.surface, palette.raised):
        assert contrast(palette.text, ground) >= 7
        assert contrast(palette.muted, ground) >= 4.5
    for ground in (palette.window, palette.surface):
        for colour in (palette.ok, palette.bad, palette.warn, palette.accent):
            assert contrast(colour, ground) >= 4.5
        assert contrast(palette.control, ground) >= 3
    assert contrast(palette.accent_ink, palette.accent) >= 4.5
    assert contrast(palette.text, palette.selection) >= 4.5


# Full protanopia and deuteranopia on linear RGB: Machado, Oliveira and Fernandes,
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009.
BLIND = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def _lab(colour: str, seen_by: list[list[float]]) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of a colour as somebody sees it."""
    rgb = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(seen_by) @ linear, 0, 1)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    relative = (to_xyz @ linear) / np.array([0.9505, 1.0, 1.089])
    root = np.where(relative > 0.008856, np.cbrt(relative), 7.787 * relative + 16 / 116)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@THEMES
@pytest.mark.parametrize("blindness", BLIND)
def test_bands_differ_for_red_green_blindness(palette: Palette, blindness: str) -> None:
    kinds = (BandKind.ALLOW, BandKind.DENY, BandKind.AMBER, BandKind.NEUTRAL)
    seen = {kind: _lab(palette.band(kind).fill, BLIND[blindness]) for kind in kinds}
    for one, other in itertools.combinations(kinds, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)
