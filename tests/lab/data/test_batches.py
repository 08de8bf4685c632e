"""Batches of the report's rows: full, of several crops a person."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.lab.data.augment import Augmentation
from kiosk.lab.data.batches import pair_batches, triplet_batches
from kiosk.lab.data.crops import CropSet
from tests.lab.conftest import FakeTeacher, made_up_crops

PLAIN = Augmentation()


def test_a_batch_of_triplets_is_full_where_people_have_few_crops() -> None:
    crops = made_up_crops(people=20, each=3)
    batches = triplet_batches(crops, np.arange(60), 32, 24, 4, PLAIN, 0)  # six each are asked for
    for _ in range(3):
        images, labels = next(batches)
        assert images.shape == (24, 32, 32, 3)
        assert np.unique(labels, return_counts=True)[1].tolist() == [3] * 8
    images, _ = next(triplet_batches(crops, np.arange(9), 32, 24, 4, PLAIN, 0))
    assert len(images) == 9  # all there are


def test_a_person_s_crops_in_a_batch_are_different_ones() -> None:
    crops = made_up_crops(people=6, each=8)
    still = Augmentation(
        shift=0, degrees=0, scale=0, low_resolution=0, blur=0, border=0, grey=0, jpeg=0, light=0,
        occlusion=0,
    )  # fmt: skip
    images, labels = next(triplet_batches(crops, np.arange(48), 112, 16, 4, still, 0))
    assert np.unique(labels, return_counts=True)[1].tolist() == [4] * 4
    assert len({image.tobytes() for image in images}) >= 15  # mirrored by chance, never repeated


def test_half_of_the_pairs_are_one_person_s(crops: CropSet) -> None:
    vectors = FakeTeacher().embed(crops.images[:, 8:-8, 8:-8])
    of = {vectors[row].tobytes(): crops.identities[row] for row in range(len(crops))}
    (left, right), same = next(pair_batches(crops, np.arange(len(crops)), vectors, 64, 0))
    assert 0.45 < same.mean() < 0.6
    for a, b, one in zip(left, right, same[:, 0], strict=True):
        assert (of[a.tobytes()] == of[b.tobytes()]) == bool(one)
        assert a.tobytes() != b.tobytes()


def test_too_few_people_are_refused(crops: CropSet) -> None:
    from kiosk.domain.errors import BadInput

    with pytest.raises(BadInput, match="two crops each"):
        next(triplet_batches(crops, np.arange(4), 32, 8, 2, PLAIN, 0))
