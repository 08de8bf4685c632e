"""A scene as some other camera, light and distance might have shown it.

What differs between live faces and attacks only because of where pictures come from (resolution,
compression, padding, surroundings, light) is made to differ within both. All that is done is done
to the picture, before the view is cut from it as the door cuts it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image
from kiosk.vision.liveness.view import around

CROPPED: Final = 0.55  # of all: not all of the surroundings are seen
TIGHT: Final = 0.4  # of those: hardly anything but the face
FACES: Final = (55, 190)  # pixels high, where a face is made smaller
SMALLEST: Final = 30  # pixels of a picture
GRAIN: Final = 700  # pixels a side of a picture of noise; larger pictures get none


class Variants:
    """Draws them; the same seed draws the same ones."""

    def __init__(self, seed: int | tuple[int, ...]) -> None:
        self._rng = rng = np.random.default_rng(seed)
        fine = [rng.standard_normal((GRAIN, GRAIN, 3), np.float32) for _ in range(3)]
        coarse = [np.asarray(cv2.GaussianBlur(x, (0, 0), 0.7), np.float32) * 2 for x in fine]
        self._grain = [*fine, *coarse]

    def view(self, image: Image, box: Box) -> Image | None:
        """A varied copy of a picture with a face in ``box``, (SIDE, SIDE, 3) as the network sees
        it; none where chance left too little of it."""
        if self._happens(CROPPED):
            image, box = self._cropped(image, box)
        if min(image.shape[:2]) < SMALLEST:
            return None
        if self._happens(0.5) or box.height > FACES[1]:
            image, box = self._resized(image, box)
        image = self._lit(np.ascontiguousarray(image))
        if self._happens(0.55):
            image = self._compressed(image)
        if self._happens(0.5):
            image, box = _mirrored(image, box)
        return around(np.ascontiguousarray(image), self._found(box))

    def _happens(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def _uniform(self, low: float, high: float) -> float:
        return float(self._rng.uniform(low, high))

    def _cropped(self, image: Image, box: Box) -> tuple[Image, Box]:
        """As if held so close, or the frame ended so soon."""
        height, width = image.shape[:2]
        most = (0.02, 0.25) if self._happens(TIGHT) else (0.05, 1.6)  # of the box's side
        rooms = (
            (box.x, box.width), (box.y, box.height),
            (width - box.x - box.width, box.width), (height - box.y - box.height, box.height),
        )  # fmt: skip
        left, top, right, bottom = (
            min(max(0.0, room), size * self._uniform(*most)) for room, size in rooms
        )
        x, y = int(max(0, box.x - left)), int(max(0, box.y - top))
        end_x = int(min(width, box.x + box.width + right)) + 1
        end_y = int(min(height, box.y + box.height + bottom)) + 1
        return image[y:end_y, x:end_x], replace(box, x=box.x - x, y=box.y - y)

    def _resized(self, image: Image, box: Box) -> tuple[Image, Box]:
        """As if seen from further away, or by a coarser camera."""
        height, width = image.shape[:2]
        wanted = math.exp(self._uniform(*map(math.log, FACES)))
        scale = min(1.3, wanted / box.height)
        if abs(scale - 1) <= 0.05:
            return image, box
        size = max(24, round(width * scale)), max(24, round(height * scale))
        how = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(self._rng.integers(3))]
        smaller = np.asarray(cv2.resize(image, size, interpolation=how), np.uint8)
        return smaller, _scaled(box, size[0] / width, size[1] / height)

    def _lit(self, image: Image) -> Image:
        """Sharpness, light, colour and noise."""
        x: NDArray[Any] = image
        if self._happens(0.25):
            x = cv2.GaussianBlur(x, (0, 0), math.exp(self._uniform(math.log(0.4), math.log(1.6))))
        if self._happens(0.2):  # cameras sharpen
            by = self._uniform(0.3, 1.3)
            x = cv2.addWeighted(
                x, 1 + by, cv2.GaussianBlur(x, (0, 0), self._uniform(0.7, 1.6)), -by, 0
            )
        if self._happens(0.7):
            x = cv2.LUT(x, self._curve()[None])
        if self._happens(0.4):
            by = 0.0 if self._happens(0.12) else self._uniform(0.6, 1.4)
            grey = cv2.cvtColor(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            x = cv2.addWeighted(x, by, grey, 1 - by, 0)
        height, width = image.shape[:2]
        if self._happens(0.5) and max(height, width) <= GRAIN:
            grain = self._grain[int(self._rng.integers(len(self._grain)))]
            top, left = (int(self._rng.integers(0, GRAIN + 1 - n)) for n in (height, width))
            part = grain[top : top + height, left : left + width]
            x = cv2.add(x, part * np.float32(self._uniform(0, 7)), dtype=cv2.CV_8U)
        return np.asarray(x, np.uint8)

    def _curve(self) -> NDArray[np.uint8]:
        """What of 0 to 255 becomes what, uint8 (256, 3)."""
        tone = np.linspace(0, 1, 256) ** math.exp(self._uniform(-0.45, 0.45))
        tone = (tone - 0.5) * math.exp(self._uniform(-0.3, 0.3)) + 0.5 + self._uniform(-0.12, 0.12)
        colour = np.exp(self._rng.uniform(-0.15, 0.15, 3))
        return np.clip(255 * tone[:, None] * colour, 0, 255).astype(np.uint8)

    def _compressed(self, image: Image) -> Image:
        quality = int(self._uniform(40, 97))
        bgr = np.ascontiguousarray(image[..., ::-1])
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)

    def _found(self, box: Box) -> Box:
        """As a detector finds it, now here, now there."""
        across, down = self._rng.uniform(-0.05, 0.05, 2) * box.height
        zoom = math.exp(self._uniform(-0.08, 0.08))
        x, y = box.centre
        width, height = zoom * box.width, zoom * box.height
        return Box(float(x + across - width / 2), float(y + down - height / 2), width, height)


def _scaled(box: Box, x: float, y: float) -> Box:
    return Box(box.x * x, box.y * y, box.width * x, box.height * y)


def _mirrored(image: Image, box: Box) -> tuple[Image, Box]:
    return image[:, ::-1], replace(box, x=image.shape[1] - 1 - box.x - box.width)
