"""Who the drawn people are and how they hold their heads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Colour = tuple[float, float, float]

_SKINS: tuple[Colour, ...] = (
    (247, 214, 190), (236, 190, 158), (222, 168, 130), (196, 138, 100), (158, 104, 74),
    (118, 76, 54), (240, 200, 175), (210, 155, 118),
)  # fmt: skip
_HAIRS: tuple[Colour, ...] = (
    (38, 28, 24), (92, 58, 34), (150, 100, 52), (214, 176, 108), (168, 74, 38), (172, 170, 168),
    (58, 40, 34), (24, 22, 30),
)  # fmt: skip
_SHIRTS: tuple[Colour, ...] = (
    (64, 112, 164), (176, 74, 70), (70, 138, 100), (214, 164, 70), (112, 86, 148), (84, 92, 104),
    (206, 112, 70), (62, 146, 150),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What makes a drawn person that person. Lengths in half head heights, colours 0 to 255."""

    skin: Colour
    hair: Colour
    shirt: Colour
    iris: Colour
    hair_style: int  # 0 short, 1 side parting, 2 long, 3 bald, 4 curly, 5 fringe
    beard: int  # 0 none, 1 moustache, 2 full
    glasses: bool
    width: float
    jaw: float
    eye_gap: float
    eye_size: float
    eye_tilt: float
    brow_height: float
    brow_weight: float
    brow_angle: float
    nose_length: float
    nose_width: float
    mouth_width: float
    mouth_height: float
    lips: float


@dataclass(frozen=True, slots=True)
class Pose:
    """How a drawn person looks at the camera. Angles in degrees: ``yaw`` turns the head to the
    viewer's right, ``pitch`` down, ``roll`` clockwise. ``light`` multiplies the brightness,
    ``side_light`` (-1 to 1) comes from the viewer's left or right, ``smile`` and ``blink`` go
    from 0 to 1."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    light: float = 1.0
    side_light: float = 0.2
    smile: float = 0.3
    blink: float = 0.0


def look_of(seed: int) -> Look:
    """The drawn person with this number, always the same; neighbours differ in every trait."""
    rng = np.random.default_rng(1000 + seed)

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    skin = _SKINS[seed * 3 % len(_SKINS)]
    dark = sum(skin) < 420
    hair = _HAIRS[(seed * 5 + 1) % len(_HAIRS)]
    return Look(
        skin=skin,
        hair=_HAIRS[seed % 2 * 6] if dark else hair,
        shirt=_SHIRTS[seed % len(_SHIRTS)],
        iris=((74, 50, 34), (60, 96, 128), (84, 112, 70))[0 if dark else seed % 3],
        hair_style=seed % 6,
        beard=(0, 0, 2, 0, 1, 0, 0, 2)[seed * 7 % 8] if seed % 6 != 2 else 0,
        glasses=seed % 5 == 3,
        width=between(0.66, 0.84),
        jaw=between(0.25, 1),
        eye_gap=between(0.265, 0.35),
        eye_size=between(0.105, 0.165),
        eye_tilt=between(-0.05, 0.05),
        brow_height=between(0.13, 0.25),
        brow_weight=between(0.016, 0.065),
        brow_angle=between(-0.08, 0.08),
        nose_length=between(0.32, 0.48),
        nose_width=between(0.09, 0.2),
        mouth_width=between(0.18, 0.33),
        mouth_height=between(0.57, 0.69),
        lips=between(0.025, 0.09),
    )
