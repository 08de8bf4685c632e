"""What augment.py and blend.py do to crops, for a whole batch at once on a graphics processor.

Every face is made up anew each time it is seen, and its teacher is shown it as it is.  To have the
teacher answer for the student's own view ("consistent teaching", Beyer et al. 2022) was tried: on
people held out it gave the same cosine and less TAR.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.domain.errors import BadInput
from kiosk.lab.data.augment import BLACK, BORDERS, PLAIN, Augmentation
from kiosk.lab.data.crops import CROP_SIZE, MARGIN, STANDARD_SIZE
from kiosk.lab.data.occlusion import occlude
from kiosk.lab.training.gpu.optics import GREY, Chance, blurred, coarser, grey, resized

OVERLAYS = 512  # masks and sunglasses drawn once, to be put on by chance
LEVELS = 4  # different resolutions within one batch
JPEG_SIDE = 16  # a block of 8 pixels of colour at half the resolution

# ITU-T T.81, annex K: what JPEG's quality scales.
LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
CHROMA = tuple(
    tuple((17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99)[4 * i + j]
          if i < 4 and j < 4 else 99 for j in range(8))
    for i in range(8)
)  # fmt: skip
TO_YCC = (GREY, (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))


@dataclass(frozen=True, slots=True)
class Seen:
    """One batch of faces, RGB, 0 to 255.

    varied: float (n, 3, size, size), for the student.  clear: (m, 3, 112, 112), for its teacher:
    the faces of the first m of them; the next m are the same ones again, and so on.
    """

    varied: Tensor
    clear: Tensor


def overlays(count: int, seed: int) -> NDArray[np.float32]:
    """(count, 4, 128, 128): the colours of drawn masks and sunglasses, 0 to 255, already times how
    much of the face they cover, and that share, 0 to 1."""
    out = np.empty((count, 4, CROP_SIZE, CROP_SIZE), np.float32)
    black = np.zeros((CROP_SIZE, CROP_SIZE, 3), np.uint8)
    for i in range(count):
        on_black, on_white = (
            occlude(ground, np.random.default_rng([seed, 11, i])).astype(np.float32)
            for ground in (black, ~black)
        )
        out[i, :3] = on_black.transpose(2, 0, 1)
        out[i, 3] = 1 - (on_white - on_black).mean(axis=2) / 255
    return out


class Faces:
    """Draws batches of faces from `crops`, uint8 (n, 128, 128, 3), of the rows given.

    blended: the share of faces that are two people's, melted.  Everything stays where `crops` is;
    the same seed gives the same batches on the same device.  Raises BadInput for a size that
    can't be compressed as JPEG compresses.
    """

    def __init__(
        self, crops: Tensor, rows: Tensor, how: Augmentation, size: int, blended: float, seed: int
    ) -> None:
        if size % JPEG_SIDE:
            raise BadInput(
                f"On a graphics processor --size is a multiple of {JPEG_SIDE} pixels, such as 96 "
                f"or 112, not {size}."
            )
        self._crops, self._rows, self._how, self._size = crops, rows, how, size
        self._blended, self._device = blended, crops.device
        self._chance = Chance(self._device, seed)
        self._sizes = np.random.default_rng([seed, 13])
        self._overlays = torch.from_numpy(overlays(OVERLAYS, seed)).to(self._device)
        self._jpeg = Jpeg(self._device)

    def batch(self, faces: int, times: int = 1) -> Seen:
        """So many faces, made up and placed by chance, each `times` over, placed anew."""
        once = self._melted(faces)
        whole, count = once.repeat(times, 1, 1, 1), faces * times
        place, light = self._places(count), self._lights(count)
        x = _relit(placed(whole, place), light)
        some = self._chance.some(count, self._how.occlusion)
        worn = placed(self._worn(whole[some]), place[some])
        x[some] = _relit(worn, [part[some] for part in light])
        some = self._chance.some(count, self._how.border)
        x[some] = self._new_border(x[some], x[some.roll(1)])
        for part in self._chance.some(count, self._how.low_resolution).chunk(LEVELS):
            side = max(8, round(self._sizes.uniform(0.3, 0.9) * STANDARD_SIZE))
            x[part] = coarser(x[part], side)
        if self._size != STANDARD_SIZE:
            x = resized(x, self._size)
        some = self._chance.some(count, self._how.blur)
        sigma = self._uniform(len(some), 0.4, 1.4) * self._size / STANDARD_SIZE
        x[some] = blurred(x[some], sigma)
        some = self._chance.some(count, self._how.grey)
        x[some] = grey(x[some]).expand(-1, 3, -1, -1)
        some = self._chance.some(count, self._how.jpeg)
        x[some] = self._jpeg(x[some], self._uniform(len(some), 30, 90))
        return Seen(x, once[..., MARGIN:-MARGIN, MARGIN:-MARGIN])

    def _uniform(self, count: int, low: float, high: float) -> Tensor:
        return self._chance.uniform(count, low, high, axes=1)

    def _pick(self, count: int) -> Tensor:
        chosen = self._chance.integers(count, len(self._rows))
        return self._crops[self._rows[chosen]].permute(0, 3, 1, 2).float()

    def _melted(self, count: int) -> Tensor:
        """See blend.py: one face alone, or two along a ramp, as many as `blended` says."""
        two = round(count * self._blended)
        alone = self._pick(count - two)
        a, b = self._pick(two), self._pick(two)
        turned = self._uniform(two, 0, 1) < 0.5
        b = torch.where(turned.view(-1, 1, 1, 1), b.flip(3), b)
        angle = self._uniform(two, 0, 2 * np.pi).view(-1, 1, 1)
        offset = self._uniform(two, -14, 14).view(-1, 1, 1)
        width = self._uniform(two, np.log(12), np.log(600)).exp().view(-1, 1, 1)
        place = torch.arange(CROP_SIZE, device=self._device) - (CROP_SIZE - 1) / 2
        across = torch.cos(angle) * place.view(1, 1, -1) + torch.sin(angle) * place.view(1, -1, 1)
        ramp = (0.5 + (across - offset) / width).clamp(0, 1)[:, None]
        return torch.cat([alone, torch.lerp(a, b, ramp)])

    def _places(self, count: int) -> Tensor:
        """(n, 2, 3): from a pixel of the placed picture to one of the crop; see augment._place."""
        how = self._how
        normal = self._chance.normal(torch.empty(count, device=self._device))
        angle = torch.deg2rad((normal * how.degrees / 2).clamp(-how.degrees, how.degrees))
        zoom = self._uniform(count, -how.scale, how.scale).exp()
        mirror = torch.where(self._uniform(count, 0, 1) < 0.5, -1.0, 1.0)
        move = torch.stack([self._uniform(count, -how.shift, how.shift) for _ in range(2)], 1)
        cos, sin = torch.cos(angle) / zoom, torch.sin(angle) / zoom
        back = torch.stack(
            [torch.stack([cos * mirror, sin * mirror], 1), torch.stack([-sin, cos], 1)], 1
        )
        centre = (STANDARD_SIZE - 1) / 2
        offset = (CROP_SIZE - 1) / 2 - (back @ (centre + move)[:, :, None])
        return torch.cat([back, offset], 2)

    def _lights(self, count: int) -> list[Tensor]:
        """Gamma, contrast, lift and white balance; see augment._relight."""
        light = self._how.light
        return [
            (self._uniform(count, -1.6, 1.6) * light).exp().view(-1, 1, 1, 1),
            (self._uniform(count, -1.2, 1.2) * light).exp().view(-1, 1, 1, 1),
            (self._uniform(count, -0.4, 0.4) * light).view(-1, 1, 1, 1),
            (self._uniform(3 * count, -0.4, 0.4) * light).exp().view(-1, 3, 1, 1),
        ]

    def _worn(self, images: Tensor) -> Tensor:
        which = self._chance.integers(len(images), OVERLAYS)
        over = self._overlays[which]
        return images * (1 - over[:, 3:]) + over[:, :3]

    def _new_border(self, images: Tensor, others: Tensor) -> Tensor:
        """See augment._new_border."""
        count, _, size, _ = images.shape
        left, top, right, bottom = (
            (self._uniform(count, 0, most) * size).floor().view(-1, 1, 1) for most in BORDERS
        )
        place = torch.arange(size, device=self._device)
        x, y = place.view(1, 1, -1), place.view(1, -1, 1)
        inside = (x >= left) & (x < size - right) & (y >= top) & (y < size - bottom)
        soft = functional.interpolate(
            functional.adaptive_avg_pool2d(others, 4), (size, size), mode="bicubic"
        ).clamp(0, 255)
        plain = self._uniform(3 * count, 0, 255).view(-1, 3, 1, 1)
        kind = self._uniform(count, 0, 1).view(-1, 1, 1, 1)
        ground = torch.where(kind < BLACK + PLAIN, plain * (kind >= BLACK), soft)
        return torch.where(inside[:, None], images, ground)


def placed(images: Tensor, place: Tensor) -> Tensor:
    """(n, 3, 128, 128) to (n, 3, 112, 112), reflected beyond the edges."""
    line = torch.arange(STANDARD_SIZE, device=images.device, dtype=images.dtype)
    y, x = torch.meshgrid(line, line, indexing="ij")
    out = torch.stack([x, y, torch.ones_like(x)]).view(1, 3, -1)
    back = (place @ out).view(-1, 2, STANDARD_SIZE, STANDARD_SIZE).permute(0, 2, 3, 1)
    grid = back * (2 / (CROP_SIZE - 1)) - 1
    return functional.grid_sample(images, grid, "bilinear", "reflection", align_corners=True)


def _relit(images: Tensor, light: list[Tensor]) -> Tensor:
    gamma, contrast, lift, white = light
    x = (images.clamp(0, 255) / 255).pow(gamma)
    return (((x - 0.5) * contrast + 0.5 + lift) * white).clamp(0, 1) * 255


class Jpeg:
    """What a JPEG of some quality leaves of pictures: rounded coefficients, colours at half the
    resolution.  The side is a multiple of JPEG_SIDE."""

    def __init__(self, device: torch.device) -> None:
        k = np.arange(8)
        dct = np.cos((2 * k[None, :] + 1) * k[:, None] * np.pi / 16) / 2
        dct[0] /= np.sqrt(2)
        self._dct = torch.tensor(dct, dtype=torch.float32, device=device)
        self._tables = [torch.tensor(t, dtype=torch.float32, device=device) for t in (LUMA, CHROMA)]
        self._to = torch.tensor(TO_YCC, device=device)
        self._back = torch.linalg.inv(self._to.double().cpu()).float().to(device)

    def __call__(self, images: Tensor, quality: Tensor) -> Tensor:
        ycc = torch.einsum("ab,nbhw->nahw", self._to, images)
        luma = self._rounded(ycc[:, :1] - 128, self._tables[0], quality) + 128
        chroma = functional.avg_pool2d(ycc[:, 1:], 2)
        chroma = self._rounded(chroma, self._tables[1], quality)
        chroma = functional.interpolate(chroma, scale_factor=2.0, mode="bilinear")
        ycc = torch.cat([luma, chroma], 1)
        return torch.einsum("ab,nbhw->nahw", self._back, ycc).clamp(0, 255)

    def _rounded(self, planes: Tensor, table: Tensor, quality: Tensor) -> Tensor:
        n, c, h, w = planes.shape
        scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality).view(-1, 1, 1)
        steps = ((table * scale + 50) / 100).floor().clamp(1, 255).view(n, 1, 1, 1, 8, 8)
        blocks = planes.view(n, c, h // 8, 8, w // 8, 8).transpose(3, 4)
        freq = self._dct @ blocks @ self._dct.T
        freq = (freq / steps).round() * steps
        blocks = self._dct.T @ freq @ self._dct
        return blocks.transpose(3, 4).reshape(n, c, h, w)
