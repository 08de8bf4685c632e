"""Prints and screens made up from live faces: shown to a camera again, by simulation.

Only what a second capture does is put on here; what any camera does (blur, noise, compression) is
put on live faces and attacks alike, by variants.py.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kiosk.lab.liveness.canvas import PIXELS_A_FACE
from kiosk.lab.training.gpu.optics import Chance, blurred, grid, sampled, saturated, smooth

SKIN = ((236, 188, 160), (198, 134, 96), (141, 85, 54), (82, 50, 38))


def recaptured(
    images: Tensor, seen: Tensor, others: Tensor, chance: Chance
) -> tuple[Tensor, Tensor]:
    """(n, 3, H, W) of live faces as prints, the first half, and as screens, the second.

    seen: (n, 1, H, W), 1 where the picture shows something; comes back bent as the picture is.
    others: (n, 3, H, W), pictures that may be mirrored in them.
    """
    half, both = len(images) // 2, torch.cat([images, seen], 1)
    both = torch.cat([_bent(both[:half], chance, 5.0), _bent(both[half:], chance, 1.5)])
    prints = _print(both[:half, :3], chance)
    screens = _screen(both[half:, :3], others[half:], chance)
    shown = _gloss(torch.cat([prints, screens]), chance).clamp(0, 255)
    return shown, (both[:, 3:] > 0.99).float()


def held(images: Tensor, seen: Tensor, behind: Tensor, chance: Chance) -> tuple[Tensor, Tensor]:
    """Recaptured faces in the hand: a sheet or a device, its edge and what is behind it.

    seen: (n, 1, H, W), 1 where the picture shows something; what is beyond is cut off.  Returns
    the pictures and what of them shows something now: all.
    """
    n = len(images)
    x, y = grid(images)
    angle = chance.uniform(n, -0.15, 0.15, 3)
    u = torch.cos(angle) * x + torch.sin(angle) * y
    v = torch.cos(angle) * y - torch.sin(angle) * x
    face = PIXELS_A_FACE
    tilt = chance.uniform(n, -0.08, 0.08, 3)
    inner = torch.minimum(
        torch.minimum(
            u + chance.uniform(n, 0.42, 1.0, 3) * face + tilt * v,
            chance.uniform(n, 0.42, 1.0, 3) * face - u + tilt * v,
        ),
        torch.minimum(
            v + chance.uniform(n, 0.5, 1.1, 3) * face, chance.uniform(n, 0.5, 1.1, 3) * face - v
        ),
    )[:, None]  # how far inside the picture's edge, in pixels
    frame = chance.uniform(n, 0, 26) * chance.happens(n, 0.6)
    dark = chance.happens(n, 0.5)
    colour = chance.uniform(n, 5, 45) * dark + chance.uniform(n, 190, 250) * (1 - dark)
    sharp = chance.uniform(n, 0.5, 1.5)
    on_picture = (inner * seen * sharp).clamp(0, 1) * seen
    on_sheet = ((inner + frame) * sharp).clamp(0, 1)
    shadow = 1 - 0.5 * chance.happens(n, 0.5) * torch.exp(-((inner + frame).abs() / 8))
    out = behind * torch.where(on_sheet < 0.5, shadow, torch.ones_like(shadow))
    sheet = on_picture * images + (1 - on_picture) * colour
    out = on_sheet * sheet + (1 - on_sheet) * out
    return _hands(out, chance), torch.ones_like(seen)


def _bent(images: Tensor, chance: Chance, most: float) -> Tensor:
    """Held aslant and curved, by up to about `most` pixels."""
    n = len(images)
    x, y = grid(images)
    width = images.shape[-1]
    angle = chance.uniform(n, 0, 2 * math.pi, 3)
    along = torch.cos(angle) * x + torch.sin(angle) * y
    wave = torch.sin(along / width * chance.uniform(n, 2, 7, 3) + chance.uniform(n, 0, 6.28, 3))
    wave = wave * chance.uniform(n, 0, most, 3)
    slant = chance.uniform(n, -0.06, 0.06, 3), chance.uniform(n, -0.06, 0.06, 3)
    away = 1 + slant[0] * x / width + slant[1] * y / width
    stretch = chance.uniform(n, 0.94, 1.06, 3)
    return sampled(
        images, x * away * stretch + wave * torch.cos(angle), y * away + wave * torch.sin(angle)
    )


def _toned(images: Tensor, low: Tensor, high: Tensor, gamma: Tensor) -> Tensor:
    return low + (high - low) * (images.clamp(0, 255) / 255).pow(gamma)


def _print(images: Tensor, chance: Chance) -> Tensor:
    """Ink on paper: what it can't show, its dots, its grain."""
    n = len(images)
    x = blurred(images, chance.uniform(n, 0.3, 1.6))
    x = saturated(x, chance.uniform(n, 0.45, 1.5))
    x = _toned(
        x, chance.uniform(n, 0, 60) + chance.colours(n, -10, 10),
        chance.uniform(n, 160, 250) + chance.colours(n, -22, 22), chance.uniform(n, 0.7, 1.5),
    )  # fmt: skip
    across, down = grid(x)
    pitch = chance.uniform(3 * n, math.log(1.6), math.log(5.5), 3).exp().view(n, 3, 1, 1)
    turn = chance.uniform(3 * n, 0, math.pi / 2, 3).view(n, 3, 1, 1)
    u = (torch.cos(turn) * across + torch.sin(turn) * down) * (2 * math.pi) / pitch
    v = (torch.cos(turn) * down - torch.sin(turn) * across) * (2 * math.pi) / pitch
    tone = (x / 255).clamp(0, 1)
    strength = chance.uniform(n, 0, math.log(28)).exp() * chance.happens(n, 0.5)
    x = x + strength * torch.cos(u) * torch.cos(v) * 4 * tone * (1 - tone)
    lines = torch.cos(down * (2 * math.pi) / chance.uniform(n, 3, 14))  # of the printer's head
    x = x + lines * chance.uniform(n, 0, 5) * chance.happens(n, 0.3)
    grain = blurred(chance.normal(x[:, :1]), chance.uniform(n, 0.5, 1.6))
    x = x + grain * chance.uniform(n, 1, 10) * chance.happens(n, 0.5)
    return x + smooth(x, chance, 4) * chance.uniform(n, 0, 12)  # paper that is not quite flat


def _screen(images: Tensor, others: Tensor, chance: Chance) -> Tensor:
    """Light through a grid: its pixels, moire, refresh, the black that is none, mirrored rooms."""
    n = len(images)
    x = blurred(images, chance.uniform(n, 0.3, 1.4))
    x = saturated(x, chance.uniform(n, 0.5, 1.9))
    x = _toned(
        x, chance.uniform(n, 0, 60) + chance.colours(n, -8, 14),
        chance.uniform(n, 180, 275) + chance.colours(n, -35, 35), chance.uniform(n, 0.65, 1.5),
    )  # fmt: skip
    across, down = grid(x)
    turn = chance.uniform(n, -0.25, 0.25, 3) * chance.happens(n, 0.7, 3)
    slant = chance.uniform(n, -0.0006, 0.0006, 3)
    u = (torch.cos(turn) * across + torch.sin(turn) * down) * (1 + slant * down)
    v = (torch.cos(turn) * down - torch.sin(turn) * across) * (1 + slant * across)
    # Sampled at pixels without care, as a sensor does: a pitch near one or two of them beats.
    pitch = chance.uniform(n, math.log(0.9), math.log(6), 3).exp()
    phase = torch.arange(3, device=x.device).view(1, 3, 1, 1) * (2 * math.pi / 3)
    phase = phase * chance.happens(n, 0.7)
    columns = torch.cos((2 * math.pi * u / pitch)[:, None] + phase)
    rows = torch.cos(2 * math.pi * v / pitch)[:, None]
    strength = chance.uniform(n, math.log(0.008), math.log(0.2)).exp() * chance.happens(n, 0.55)
    x = x * (1 + strength * (0.6 * columns + 0.4 * rows))
    # Moire as it is left where the grid itself is not seen any more: wide and bent fringes.
    wide = chance.uniform(n, math.log(6), math.log(70), 3).exp()
    turn = chance.uniform(n, 0, math.pi, 3)
    curve = chance.uniform(n, -0.004, 0.004, 3)
    w = torch.cos(turn) * across + torch.sin(turn) * down + curve * (across**2 + down**2)
    fringe = torch.cos((2 * math.pi * w / wide)[:, None] + phase)
    x = x * (
        1
        + fringe * chance.uniform(n, math.log(0.005), math.log(0.1)).exp() * chance.happens(n, 0.45)
    )
    band = torch.cos(
        down[:, None] * (2 * math.pi) / chance.uniform(n, 25, 400) + chance.uniform(n, 0, 6.28)
    )
    x = x * (1 + band * chance.uniform(n, 0.01, 0.1) * chance.happens(n, 0.35))
    mirrored = blurred(others, chance.uniform(n, 1, 2)) * chance.uniform(n, 0.04, 0.22)
    return x + mirrored * chance.happens(n, 0.3)


def _gloss(images: Tensor, chance: Chance) -> Tensor:
    """Light that falls on what is flat: unevenly, and back from a spot."""
    n = len(images)
    x, y = grid(images)
    angle = chance.uniform(n, 0, 2 * math.pi, 3)
    slope = (torch.cos(angle) * x + torch.sin(angle) * y)[:, None] / images.shape[-1]
    images = images * (1 + slope * chance.uniform(n, 0, 0.6) * chance.happens(n, 0.5))
    size = PIXELS_A_FACE
    u = x - chance.uniform(n, -0.7, 0.7, 3) * size
    v = y - chance.uniform(n, -0.7, 0.7, 3) * size
    u, v = torch.cos(angle) * u + torch.sin(angle) * v, torch.cos(angle) * v - torch.sin(angle) * u
    wide, high = chance.uniform(n, 0.08, 0.8, 3) * size, chance.uniform(n, 0.05, 0.3, 3) * size
    # Not a spot alone: most of what is glossy lies under a veil, thick here and thin there.
    veil = (0.5 + smooth(images, chance, 3)).clamp(0, 1.5) * chance.uniform(n, 0, 0.4)
    images = images + (230 - images).clamp_min(0) * veil * chance.happens(n, 0.5)
    spot = torch.exp(-((u / wide) ** 2) - (v / high) ** 2)[:, None]
    return images + spot * chance.uniform(n, 20, 170) * chance.happens(n, 0.35)


def _hands(images: Tensor, chance: Chance) -> Tensor:
    """Fingers over the edge, on some."""
    n = len(images)
    x, y = grid(images)
    tones = torch.tensor(SKIN, device=images.device, dtype=torch.float32)
    colour = tones[chance.integers(n, len(SKIN))].view(n, 3, 1, 1) * chance.uniform(n, 0.5, 1.1)
    side = 2 * chance.happens(n, 0.5, 3) - 1
    for finger in range(3):
        u = x * side - chance.uniform(n, 0.5, 1.1, 3) * PIXELS_A_FACE
        v = (
            y
            - chance.uniform(n, 0.0, 0.15, 3) * PIXELS_A_FACE
            - (finger - 1) * 0.17 * PIXELS_A_FACE
        )
        inside = 1 - (u / (0.35 * PIXELS_A_FACE)) ** 2 - (v / (0.07 * PIXELS_A_FACE)) ** 2
        cover = (inside[:, None] * 6).clamp(0, 1) * chance.happens(n, 0.3)
        shade = 0.6 + 0.4 * inside[:, None].clamp(0, 1)
        images = images * (1 - cover) + colour * shade * cover
    return images
