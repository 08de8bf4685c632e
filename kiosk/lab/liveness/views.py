"""What the network is shown: frames varied alike, whether live or not, and attacks made up.

What differs between the classes only because of where they come from (resolution, compression,
padding, surroundings, light) is made to differ within both.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from kiosk.lab.liveness import recapture
from kiosk.lab.training.gpu.optics import (
    Chance,
    blurred,
    coarser,
    grid,
    sampled,
    saturated,
)
from kiosk.lab.training.gpu.views import Jpeg
from kiosk.vision.canvas import CANVAS, PIXELS_A_FACE, VIEW

LEVELS = 4  # different resolutions within one batch
HELD = 0.5  # of the made-up attacks: an edge is seen; the others fill the frame
ELSEWHERE = 0.3  # of the live faces: in front of something else
TIGHT = 0.35  # of all: nothing but the face is seen
BORDERED = 0.4  # of all: some of the surroundings are not


class Views:
    """Draws varied pictures of frames: images uint8 (n, 3, CANVAS, CANVAS), rects (n, 4) as Pack
    has them.  `scenes` are rows that may stand behind faces.  All stays on the images' device; the
    same seed gives the same pictures there."""

    def __init__(self, images: Tensor, rects: Tensor, scenes: Tensor, seed: int) -> None:
        self._images, self._rects, self._scenes = images, rects, scenes
        self.chance = Chance(images.device, seed)
        self._jpeg = Jpeg(images.device)
        self._sides = np.random.default_rng([seed, 13])  # here: nobody waits for the device

    def plain(self, rows: Tensor) -> Tensor:
        """float (n, 3, CANVAS, CANVAS), as they are."""
        return self._images[rows].float()

    def filled(self, rows: Tensor) -> Tensor:
        """As they are, but for the near view all black: a photo that fills the frame."""
        edge = (CANVAS - VIEW) // 2
        out = torch.zeros((len(rows), 3, CANVAS, CANVAS), device=self._images.device)
        inner = (..., slice(edge, edge + VIEW), slice(edge, edge + VIEW))
        out[inner] = self._images[rows].float()[inner]
        return out

    def batch(self, live: Tensor, attacks: Tensor, made: Tensor) -> Tensor:
        """float (n, 3, CANVAS, CANVAS), 0 to 255: rows `live`, rows `attacks`, and attacks made of
        the live rows `made`, each varied by chance."""
        count, first = len(live) + len(attacks) + len(made), len(live) + len(attacks)
        rows = torch.cat([live, attacks, made])
        x, seen = self.plain(rows), self._seen(rows)
        if len(made):
            x[first:], seen[first:] = self._made(x[first:], seen[first:])
        elsewhere = self.chance.some(len(live), ELSEWHERE)
        x[elsewhere], seen[elsewhere] = self._elsewhere(
            x[elsewhere], seen[elsewhere], self._rects[rows[elsewhere]]
        )
        moved = self.chance.some(count, 0.75)
        x[moved], seen[moved] = self._moved(x[moved], seen[moved])
        turned = self.chance.happens(count, 0.5) > 0.5
        x, seen = torch.where(turned, x.flip(3), x), torch.where(turned, seen.flip(3), seen)
        seen = self._cropped(seen)
        for part in self.chance.some(count, 0.4).chunk(LEVELS):
            side = math.exp(self._sides.uniform(math.log(0.45), math.log(0.95)))
            x[part] = coarser(x[part], round(CANVAS * side))
        some = self.chance.some(count, 0.3)
        x[some] = blurred(
            x[some], self.chance.uniform(len(some), math.log(0.4), math.log(1.6)).exp()
        )
        some = self.chance.some(count, 0.25)  # cameras sharpen
        soft = blurred(x[some], self.chance.uniform(len(some), 0.7, 1.6))
        x[some] = x[some] + (x[some] - soft) * self.chance.uniform(len(some), 0.2, 1.2)
        x = self._lit(x)
        noise = self.chance.uniform(count, 0, 8) * self.chance.happens(count, 0.6)
        grain = blurred(self.chance.normal(x), self.chance.uniform(count, 0.2, 0.9))
        x = (x + noise * grain).clamp(0, 255)
        x = x * seen
        some = self.chance.some(count, 0.6)
        x[some] = self._jpeg(x[some], self.chance.uniform(len(some), 40, 97, 1))
        return self._filled_around(x, seen)

    def _seen(self, rows: Tensor) -> Tensor:
        """(n, 1, CANVAS, CANVAS): 1 where the frame shows something."""
        left, top, right, bottom = (self._rects[rows, i].view(-1, 1, 1).float() for i in range(4))
        place = torch.arange(CANVAS, device=rows.device)
        x, y = place.view(1, 1, -1), place.view(1, -1, 1)
        return ((x >= left) & (x < right) & (y >= top) & (y < bottom)).float()[:, None]

    def _scene(self, count: int) -> Tensor:
        """Something to stand behind a face: a part of another picture, enlarged."""
        rows = self._scenes[self.chance.integers(count, len(self._scenes))]
        x, y = grid(self._images[:1])
        inner = 60.0  # of a canvas's middle that every picture has
        zoom = self.chance.uniform(count, 0.15, 0.35, 3)
        u = x * zoom + self.chance.uniform(count, -1, 1, 3) * (inner - zoom * CANVAS / 2)
        v = y * zoom + self.chance.uniform(count, -1, 1, 3) * (inner - zoom * CANVAS / 2)
        scene = sampled(self.plain(rows), u, v)
        plain = self.chance.colours(count, 20, 250) + self.chance.normal(scene[:, :1]) * 3
        return torch.where(self.chance.happens(count, 0.3) > 0.5, plain, scene)

    def _made(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        made, seen = recapture.recaptured(x, seen, x.roll(1, 0).flip(3), self.chance)
        some = self.chance.some(len(x), HELD)
        made[some], seen[some] = recapture.held(
            made[some], seen[some], self._scene(len(some)), self.chance
        )
        return made, seen

    def _elsewhere(self, x: Tensor, seen: Tensor, rects: Tensor) -> tuple[Tensor, Tensor]:
        """A head, softly cut out, before another picture with a rectangle or two in it: what is
        straight behind a face must not speak against it."""
        n = len(x)
        scene = self._scene(n)
        across, down = grid(x)
        for _ in range(2):
            left, right = (
                self.chance.uniform(n, a, b, 3) * CANVAS for a, b in ((-0.5, 0), (0, 0.5))
            )
            top, bottom = (
                self.chance.uniform(n, a, b, 3) * CANVAS for a, b in ((-0.5, 0), (0, 0.5))
            )
            inside = (across > left) & (across < right) & (down > top) & (down < bottom)
            there = inside[:, None] * self.chance.happens(n, 0.5)
            scene = scene * (1 - there) + there * self._scene(n)
        face = PIXELS_A_FACE
        wide = self.chance.uniform(n, 0.48, 0.62, 3) * face
        head = 1 - (across / wide) ** 2 - ((down + 0.05 * face) / (0.72 * face)) ** 2
        body = 1 - (across / (1.1 * face)) ** 2 - ((down - 1.2 * face) / (0.62 * face)) ** 2
        soft = self.chance.uniform(n, 3, 12)
        mask = (torch.maximum(head, body)[:, None] * soft).clamp(0, 1)
        mask = mask * seen
        # Where the frame ended before the head did, it still does.
        left, top, right, bottom = (
            rects[:, i].view(-1, 1, 1).float() - CANVAS / 2 for i in range(4)
        )
        ends = (across < left) & (left > -wide) | (across >= right) & (right < wide)
        ends |= (down < top) & (top > -0.77 * face) | (down >= bottom)
        return mask * x + (1 - mask) * scene, (~ends).float()[:, None]

    def _moved(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        n = len(x)
        across, down = grid(x)
        angle = self.chance.uniform(n, -0.2, 0.2, 3)
        zoom = self.chance.uniform(n, math.log(0.86), math.log(1.16), 3).exp()
        cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
        shift = [self.chance.uniform(n, -0.06, 0.06, 3) * PIXELS_A_FACE for _ in range(2)]
        both = sampled(
            torch.cat([x, seen], 1), cos * across + sin * down + shift[0],
            cos * down - sin * across + shift[1],
        )  # fmt: skip
        return both[:, :3], (both[:, 3:] > 0.99).float()

    def _cropped(self, seen: Tensor) -> Tensor:
        n = len(seen)
        across, down = grid(seen)
        tight = self.chance.happens(n, TIGHT, 3)
        bordered = self.chance.happens(n, BORDERED, 3) * (1 - tight)
        keep = torch.ones_like(seen, dtype=torch.bool)
        for along, low in ((across, 0.40), (-across, 0.40), (down, 0.48), (-down, 0.52)):
            near = self.chance.uniform(n, low, low + 0.14, 3)
            some = self.chance.uniform(n, low, 1.2, 3)
            most = (tight * near + bordered * some + (1 - tight - bordered) * 9) * PIXELS_A_FACE
            keep &= (along < most)[:, None]
        return seen * keep

    def _lit(self, x: Tensor) -> Tensor:
        n = len(x)
        chance = self.chance
        x = (x.clamp(0, 255) / 255).pow(chance.uniform(n, -0.5, 0.5).exp())
        x = (x - 0.5) * chance.uniform(n, -0.35, 0.35).exp() + 0.5 + chance.uniform(n, -0.15, 0.15)
        x = x * chance.colours(n, -0.18, 0.18).exp()
        grey = chance.happens(n, 0.06)
        return saturated(x * 255, chance.uniform(n, 0.6, 1.4) * (1 - grey))

    def _filled_around(self, x: Tensor, seen: Tensor) -> Tensor:
        """What a frame does not show is black at the door; now and then something else here, so
        that black means nothing."""
        n = len(x)
        colour = self.chance.colours(n, 0, 255) * self.chance.happens(n, 0.25)
        return x * seen + (1 - seen) * colour
