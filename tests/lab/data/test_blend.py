"""Made-up people are seeded, are made of people to train on, and look like both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kiosk.lab.data.blend import SOURCE, Recipe, blend, recipes, with_blends
from kiosk.lab.data.crops import CropSet, check_split, split_by_identity


def test_without_any_nothing_changes(crops: CropSet) -> None:
    split = split_by_identity(crops, 4, 0)
    assert with_blends(crops, split, 0, 0) == (crops, split)


def test_they_come_behind_the_crops_and_nobody_held_out_takes_part(crops: CropSet) -> None:
    split = split_by_identity(crops, 8, 0)
    more, both = with_blends(crops, split, 50, 0)

    check_split(more, both)
    assert len(more) == len(crops) + 50
    assert len(more.images) == len(more)
    assert len(set(more.names)) == len(more)
    assert not more.labelled[len(crops) :].any()
    assert (both.train[-50:] == np.arange(len(crops), len(more))).all()
    parents = {row for made in recipes(split.train, 50, 0) for row in (made.a, made.b)}
    assert parents <= set(split.train.tolist())
    rows = np.array([0, len(crops), 3, len(more) - 1])
    read = more.images[rows]
    assert read.shape == (4, 128, 128, 3)
    assert read.dtype == np.uint8
    assert (read[0] == crops.images[0]).all()
    assert (more.images[rows] == read).all()
    assert all(name.startswith(f"{SOURCE}/") for name in more.names[len(crops) :])


def test_the_seed_decides() -> None:
    rows = np.arange(20)
    assert recipes(rows, 5, 1) == recipes(rows, 5, 1)
    assert recipes(rows, 5, 1) != recipes(rows, 5, 2)


def test_more_of_them_keep_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.lab.data.blend.ROUND", 5)
    rows = np.arange(20)
    assert recipes(rows, 13, 1)[:10] == recipes(rows, 10, 1)
    assert len(set(recipes(rows, 13, 1))) == 13


def test_a_seam_parts_two_faces_and_a_wide_ramp_mixes_them() -> None:
    black, white = np.zeros((128, 128, 3), np.uint8), np.full((128, 128, 3), 255, np.uint8)
    seam = Recipe(0, 1, angle=0.0, offset=0.0, width=12.0, mirror=False)

    halves = blend(black, white, seam)
    assert (halves[:, :57] == 0).all()
    assert (halves[:, 71:] == 255).all()
    mixed = blend(black, white, replace(seam, width=600.0))
    assert np.ptp(mixed.astype(int)) < 60
    assert 120 < mixed.mean() < 136


def test_the_mirror_turns_the_second_face() -> None:
    left = np.zeros((128, 128, 3), np.uint8)
    left[:, :20] = 200
    whole = Recipe(0, 1, angle=0.0, offset=-400.0, width=12.0, mirror=True)

    assert (blend(np.zeros_like(left), left, whole) == left[:, ::-1]).all()
    assert (blend(np.zeros_like(left), left, replace(whole, mirror=False)) == left).all()
