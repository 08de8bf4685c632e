"""Augmentation: repeatable, of the right shape, and plain crops are plain."""

from __future__ import annotations

import numpy as np

from kiosk.lab.data.augment import Augmentation, augment, plain
from kiosk.lab.data.crops import CropSet, standard


def test_the_same_generator_gives_the_same(crops: CropSet) -> None:
    images = crops.images[:6]
    one, other = (augment(images, 64, Augmentation(), np.random.default_rng(2)) for _ in range(2))
    assert one.shape == (6, 64, 64, 3)
    assert one.dtype == np.uint8
    assert np.array_equal(one, other)
    assert not np.array_equal(one, augment(images, 64, Augmentation(), np.random.default_rng(3)))


def test_everything_at_once(crops: CropSet) -> None:
    every = Augmentation(low_resolution=1, blur=1, border=1, grey=1, jpeg=1, light=1, occlusion=1)
    out = augment(crops.images[:4], 48, every, np.random.default_rng(0))
    assert out.shape == (4, 48, 48, 3)


def test_nothing_at_all_is_the_plain_crop_or_its_mirror_image(crops: CropSet) -> None:
    none = Augmentation(*[0.0] * 10)
    out = augment(crops.images[:8], 112, none, np.random.default_rng(0)).astype(int)
    expected = plain(crops.images[:8], 112).astype(int)
    assert np.array_equal(expected, standard(crops.images[:8]))
    for ours, theirs in zip(out, expected, strict=True):
        apart = min(np.abs(ours - theirs).mean(), np.abs(ours - theirs[:, ::-1]).mean())
        assert apart < 2
