"""What lenses, light and sensors do to pictures: float (n, 3, H, W), 0 to 255, on any device."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

GREY = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601
TAPS = 9  # of the blur


class Chance:
    """Random numbers on a device; the same seed gives the same ones."""

    def __init__(self, device: torch.device, seed: int) -> None:
        self.device = device
        self._generator = torch.Generator(device).manual_seed(seed)

    def uniform(self, count: int, low: float, high: float, axes: int = 4) -> Tensor:
        """(count, 1, 1, 1), or of another number of axes."""
        x = torch.rand(count, generator=self._generator, device=self.device)
        return (x * (high - low) + low).view(count, *(1,) * (axes - 1))

    def colours(self, count: int, low: float, high: float) -> Tensor:
        """(count, 3, 1, 1)."""
        return self.uniform(3 * count, low, high).view(count, 3, 1, 1)

    def happens(self, count: int, share: float, axes: int = 4) -> Tensor:
        """1 with the probability `share`, else 0: float (count, 1, 1, 1)."""
        return (self.uniform(count, 0, 1, axes) < share).float()

    def some(self, count: int, share: float) -> Tensor:
        """Distinct rows: always as many, so that nobody waits for their number."""
        order = torch.randperm(count, generator=self._generator, device=self.device)
        return order[: round(share * count)]

    def integers(self, count: int, below: int) -> Tensor:
        return torch.randint(below, (count,), generator=self._generator, device=self.device)

    def normal(self, like: Tensor) -> Tensor:
        return torch.randn(
            like.shape, generator=self._generator, device=self.device, dtype=like.dtype
        )


def grid(like: Tensor) -> tuple[Tensor, Tensor]:
    """x and y of every pixel from the middle, in pixels: both (1, H, W)."""
    height, width = like.shape[-2:]
    x = torch.arange(width, device=like.device, dtype=torch.float32) - (width - 1) / 2
    y = torch.arange(height, device=like.device, dtype=torch.float32) - (height - 1) / 2
    return x.view(1, 1, -1).expand(1, height, -1), y.view(1, -1, 1).expand(1, -1, width)


def sampled(images: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The pictures at the places (n, H, W), in pixels from the middle; black beyond the edges."""
    height, width = images.shape[-2:]
    place = torch.stack([x * 2 / (width - 1), y * 2 / (height - 1)], -1)
    return functional.grid_sample(
        images, place, mode="bilinear", padding_mode="zeros", align_corners=True
    )


def blurred(images: Tensor, sigma: Tensor) -> Tensor:
    """By a Gaussian of sigma (n, 1, 1, 1) pixels, up to 2."""
    count, channels, height, width = images.shape
    if not count:
        return images
    place = torch.arange(TAPS, device=images.device) - TAPS // 2
    kernel = torch.exp(-(place**2) / (2 * sigma.view(-1, 1) ** 2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(channels, 0)
    x, edge = images.reshape(1, count * channels, height, width), TAPS // 2
    x = functional.pad(x, (edge, edge, edge, edge), mode="reflect")
    x = functional.conv2d(x, kernel.view(-1, 1, 1, TAPS), groups=count * channels)
    x = functional.conv2d(x, kernel.view(-1, 1, TAPS, 1), groups=count * channels)
    return x.view(count, channels, height, width)


def smooth(like: Tensor, chance: Chance, cells: int) -> Tensor:
    """Random and smooth, mean 0, about -1 to 1: (n, 1, H, W) of `cells` bumps across."""
    seed = torch.empty((len(like), 1, cells, cells), device=like.device)
    return functional.interpolate(
        chance.normal(seed) * 0.7, like.shape[-2:], mode="bicubic", align_corners=False
    )


def saturated(images: Tensor, by: Tensor) -> Tensor:
    """Colours by (n, 1, 1, 1) times as strong; 0 is grey."""
    dull = grey(images)
    return dull + (images - dull) * by


def grey(images: Tensor) -> Tensor:
    """How light they are: (n, 1, H, W)."""
    shares = torch.tensor(GREY, device=images.device).view(1, 3, 1, 1)
    return (images * shares).sum(1, keepdim=True)


def resized(images: Tensor, size: int) -> Tensor:
    """(n, 3, H, W) to (n, 3, size, size), smaller ones by averaging."""
    return functional.interpolate(images, (size, size), mode="bilinear", antialias=True)


def coarser(images: Tensor, side: int) -> Tensor:
    """As if taken with `side` pixels, and enlarged again."""
    return functional.interpolate(resized(images, side), images.shape[-2:], mode="bilinear")
