"""Scenes made up of others: attacks of live faces, and live faces somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kiosk.domain.frame import Box
from kiosk.lab.liveness import recapture
from kiosk.lab.liveness.canvas import CANVAS, PIXELS_A_FACE, canvas
from kiosk.lab.liveness.gather import WEB
from kiosk.lab.liveness.scenes import Scene, Scenes
from kiosk.lab.liveness.sources import LIVE
from kiosk.lab.training.gpu.optics import Chance, grid, sampled
from kiosk.vision.align import ARCFACE_112

MADE, ELSEWHERE = "made", "elsewhere"
HELD = 0.5  # of the made-up attacks: an edge is seen; the others fill the frame
BATCH, OF_WEB = 32, 4  # scenes made at once, and how many of them of faces of the web
EVERY = 3  # batches of attacks to one of live faces elsewhere
SMALLEST = (80, 100)  # columns and rows of a scene
INNER = 60.0  # pixels on each side of a canvas's middle that every picture fills

Rows = NDArray[np.int64]


class Composites:
    """Makes them of live `scenes`; the same seed makes the same ones.

    Nothing but the face itself comes from a person who may be held out: what is behind it and
    mirrored in it is from the web.
    """

    def __init__(self, scenes: Scenes, seed: int) -> None:
        self._scenes = scenes
        self._live = np.flatnonzero(scenes.live & (scenes.source == scenes.origin))
        self._web = self._live[scenes.source[self._live] == WEB]
        self._frames = self._live[scenes.source[self._live] != WEB]
        self._rng = np.random.default_rng(seed)
        self._chance = Chance(torch.device("cpu"), seed)

    def all(self, batches: int) -> Iterator[Scene]:
        """BATCH attacks a batch, and live faces elsewhere with every EVERYth."""
        for batch in range(batches):
            yield from self.attacks()
            if batch % EVERY == 0:
                yield from self.elsewhere()

    def attacks(self) -> Iterator[Scene]:
        """Prints and screens, half of them held in a hand."""
        rows = np.concatenate(
            [self._rng.choice(self._frames, BATCH - OF_WEB), self._rng.choice(self._web, OF_WEB)]
        )
        self._rng.shuffle(rows)
        x, seen, _ = self._canvases(rows)
        mirrored, _, _ = self._canvases(self._rng.choice(self._web, len(rows)))
        x, seen = recapture.recaptured(x, seen, mirrored.flip(3), self._chance)
        some = self._chance.some(len(x), HELD)
        x[some], seen[some] = recapture.held(
            x[some], seen[some], self._behind(len(some)), self._chance
        )
        yield from self._cut(x, seen, rows, MADE, MADE)

    def elsewhere(self) -> Iterator[Scene]:
        """Heads, softly cut out, before another picture with a rectangle or two in it: what is
        straight behind a face must not speak against it."""
        rows = self._rng.choice(self._frames, BATCH)
        x, seen, rects = self._canvases(rows)
        n = len(x)
        scene = self._behind(n)
        chance = self._chance
        across, down = grid(x)
        for _ in range(2):
            left, right = (chance.uniform(n, a, b, 3) * CANVAS for a, b in ((-0.5, 0), (0, 0.5)))
            top, bottom = (chance.uniform(n, a, b, 3) * CANVAS for a, b in ((-0.5, 0), (0, 0.5)))
            inside = (across > left) & (across < right) & (down > top) & (down < bottom)
            there = inside[:, None] * chance.happens(n, 0.5)
            scene = scene * (1 - there) + there * self._behind(n)
        face = PIXELS_A_FACE
        wide = chance.uniform(n, 0.48, 0.62, 3) * face
        head = 1 - (across / wide) ** 2 - ((down + 0.05 * face) / (0.72 * face)) ** 2
        body = 1 - (across / (1.1 * face)) ** 2 - ((down - 1.2 * face) / (0.62 * face)) ** 2
        soft = chance.uniform(n, 3, 12)
        mask = (torch.maximum(head, body)[:, None] * soft).clamp(0, 1) * seen
        # Where the frame ended before the head did, it still does.
        left, top, right, bottom = (rects[:, i].view(-1, 1, 1) - CANVAS / 2 for i in range(4))
        ends = (across < left) & (left > -wide) | (across >= right) & (right < wide)
        ends |= (down < top) & (top > -0.77 * face) | (down >= bottom)
        x, seen = mask * x + (1 - mask) * scene, (~ends).float()[:, None]
        yield from self._cut(x, seen, rows, ELSEWHERE, LIVE)

    def _canvases(self, rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
        """Float (n, 3, CANVAS, CANVAS); (n, 1, CANVAS, CANVAS), 1 where a frame shows something;
        and where that is, (n, 4)."""
        pictures = np.empty((len(rows), CANVAS, CANVAS, 3), np.uint8)
        seen = np.zeros((len(rows), 1, CANVAS, CANVAS), np.float32)
        rects = np.empty((len(rows), 4), np.float32)
        for at, row in enumerate(rows):
            pictures[at], rect = canvas(self._scenes.image(row), self._scenes.landmarks[row])
            left, top, right, bottom = rects[at] = rect
            seen[at, :, top:bottom, left:right] = 1
        x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
        seen_ = torch.from_numpy(seen)
        return x * seen_, seen_, torch.from_numpy(rects)

    def _behind(self, count: int) -> Tensor:
        """Something to stand behind a face: a part of another picture, enlarged."""
        pictures, _, _ = self._canvases(self._rng.choice(self._web, count))
        x, y = grid(pictures)
        zoom = self._chance.uniform(count, 0.15, 0.35, 3)
        u, v = (
            along * zoom + self._chance.uniform(count, -1, 1, 3) * (INNER - zoom * CANVAS / 2)
            for along in (x, y)
        )
        scene = sampled(pictures, u, v)
        plain = self._chance.colours(count, 20, 250) + self._chance.normal(scene[:, :1]) * 3
        return torch.where(self._chance.happens(count, 0.3) > 0.5, plain, scene)

    def _cut(
        self, x: Tensor, seen: Tensor, rows: Rows, source: str, species: str
    ) -> Iterator[Scene]:
        """What is seen, where that is enough; the face is where it is on every canvas."""
        of = self._scenes
        middle = np.full(2, CANVAS / 2)
        landmarks = (np.array(ARCFACE_112.points) - 56) * PIXELS_A_FACE / 112 + middle
        corner = middle - PIXELS_A_FACE / 2
        pictures = x.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
        masks = seen[:, 0].numpy() > 0.5
        for picture, mask, row in zip(pictures, masks, rows, strict=True):
            down, across = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            if len(across) < SMALLEST[0] or len(down) < SMALLEST[1]:
                continue
            left, top = int(across[0]), int(down[0])
            part = (picture * mask[..., None])[top : down[-1] + 1, left : across[-1] + 1]
            box = Box(
                float(corner[0]) + 0.15 * PIXELS_A_FACE - left,
                float(corner[1]) + 0.1 * PIXELS_A_FACE - top,
                0.7 * PIXELS_A_FACE, 0.9 * PIXELS_A_FACE,
            )  # fmt: skip
            yield Scene(
                part, box, np.asarray(landmarks - (left, top), np.float32), source,
                str(of.origin[row]), species, str(of.person[row]), str(of.presentation[row]),
                f"{source}:{of.name[row]}",
            )  # fmt: skip
