"""Colours of the screen, by what they mean; light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BandKind(StrEnum):
    """What the band under the camera picture says by its colour."""

    NONE = "none"
    NEUTRAL = "neutral"
    AMBER = "amber"
    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Pair:
    """A surface and the ink that is read on it, as #rrggbb."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. ``text`` on ``window`` and ``surface`` reaches 7:1, ``muted`` 4.5:1.

    ALLOW and DENY lie apart on the blue-yellow axis, which red-green blindness leaves alone, and
    amber lies apart from both in lightness. ``ok``, ``bad`` and ``warn`` are the same meanings
    as text and lines on a ``surface``.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    control: str
    text: str
    muted: str
    accent: str
    accent_ink: str
    selection: str
    focus: str
    ok: str
    bad: str
    warn: str
    allow: Pair
    deny: Pair
    amber: Pair
    neutral: Pair

    def band(self, kind: BandKind) -> Pair:
        """The colours of a band; one of kind NONE has the page's own."""
        return {
            BandKind.NONE: Pair(self.window, self.text),
            BandKind.NEUTRAL: self.neutral,
            BandKind.AMBER: self.amber,
            BandKind.ALLOW: self.allow,
            BandKind.DENY: self.deny,
        }[kind]


LIGHT: Final = Palette(
    dark=False,
    window="#f3f5f6",
    surface="#ffffff",
    raised="#e9edef",
    line="#d3dade",
    control="#7a858f",
    text="#11181d",
    muted="#52606a",
    accent="#00646a",
    accent_ink="#ffffff",
    selection="#cfe8ea",
    focus="#0a7d85",
    ok="#00646a",
    bad="#a32a00",
    warn="#7a5200",
    allow=Pair("#005a5f", "#ffffff"),
    deny=Pair("#a32a00", "#ffffff"),
    amber=Pair("#ffbf1f", "#14110a"),
    neutral=Pair("#f3f5f6", "#11181d"),
)

DARK: Final = Palette(
    dark=True,
    window="#10161b",
    surface="#182027",
    raised="#232d35",
    line="#303c45",
    control="#7a858f",
    text="#f2f5f7",
    muted="#a3b0ba",
    accent="#4cc9cf",
    accent_ink="#06171a",
    selection="#17474b",
    focus="#7fe0e4",
    ok="#4cc9cf",
    bad="#ff9c78",
    warn="#f3bd4a",
    allow=Pair("#00494d", "#eafbfa"),
    deny=Pair("#8c2500", "#fff4ee"),
    amber=Pair("#e8a50c", "#14110a"),
    neutral=Pair("#10161b", "#f2f5f7"),
)


def linear(channel: float) -> float:
    """The light of an sRGB channel, both 0 to 1 (WCAG 2.2)."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = map(linear, channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
