"""Whole batches are made up as single crops are: the same places, lights and faults."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab.data.augment import Augmentation  # noqa: E402
from kiosk.lab.data.crops import CROP_SIZE, standard  # noqa: E402
from kiosk.lab.training.gpu.views import Faces, Jpeg, overlays, placed  # noqa: E402
from tools.drawn_faces.faces import Pose, synthetic_face  # noqa: E402

NOTHING = Augmentation(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
CROPS = np.stack([synthetic_face(seed, CROP_SIZE, Pose()) for seed in range(6)])


def faces(how: Augmentation, blended: float = 0.5, size: int = 112, seed: int = 0) -> Faces:
    rows = torch.arange(len(CROPS))
    return Faces(torch.from_numpy(CROPS), rows, how, size, blended, seed)


def as_images(x: torch.Tensor) -> np.ndarray:
    return x.permute(0, 2, 3, 1).numpy()


def test_the_same_seed_gives_the_same_batches() -> None:
    first, again, other = (
        faces(Augmentation()),
        faces(Augmentation()),
        faces(Augmentation(), seed=1),
    )
    for _ in range(2):
        seen, same = first.batch(40), again.batch(40)
        assert torch.equal(seen.varied, same.varied)
        assert torch.equal(seen.clear, same.clear)
    assert not torch.equal(seen.varied, other.batch(40).varied)
    assert float(seen.varied.min()) >= 0
    assert float(seen.varied.max()) <= 255.01


@pytest.mark.parametrize("size", [112, 96])
def test_what_the_student_sees_has_its_size_and_the_teachers_is_the_standard_crop(
    size: int,
) -> None:
    seen = faces(Augmentation(), blended=0, size=size).batch(12)
    assert seen.varied.shape == (12, 3, size, size)
    known = standard(CROPS).astype(np.float32)
    for face in as_images(seen.clear):
        assert min(np.abs(known - face).max(axis=(1, 2, 3))) == 0


def test_a_face_seen_several_times_is_placed_anew_each_time() -> None:
    seen = faces(Augmentation(), blended=0).batch(3, times=2)
    assert (len(seen.varied), len(seen.clear)) == (6, 3)
    still = Augmentation(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    seen = faces(still, blended=0).batch(3, times=2)
    for first, again, clear in zip(seen.varied[:3], seen.varied[3:], seen.clear, strict=True):
        for face in (first, again):
            nearest = min(float((face - side).abs().max()) for side in (clear, clear.flip(2)))
            assert nearest < 0.01


def test_without_any_variation_it_is_the_clear_crop_or_its_mirror_image() -> None:
    seen = faces(NOTHING).batch(40)
    same = (seen.varied - seen.clear).abs().amax((1, 2, 3)) < 0.01
    turned = (seen.varied - seen.clear.flip(3)).abs().amax((1, 2, 3)) < 0.01
    assert bool((same | turned).all())
    assert bool(same.any())
    assert bool(turned.any())


def test_melted_faces_are_two_peoples() -> None:
    known = standard(CROPS).astype(np.float32)
    either = np.concatenate([known, known[:, :, ::-1]])
    alone = [
        np.abs(either - face).max(axis=(1, 2, 3)).min() == 0
        for face in as_images(faces(NOTHING, blended=0.75).batch(40).clear)
    ]
    assert 10 <= sum(alone) < 25  # ten are, and where two times the same one was drawn


@pytest.mark.parametrize("fault", ["low_resolution", "blur", "border", "grey", "jpeg", "occlusion"])
def test_each_fault_changes_its_share_of_the_batch(fault: str) -> None:
    how = Augmentation(**{**dict.fromkeys(Augmentation.__slots__, 0.0), fault: 0.25})
    seen = faces(how).batch(40)
    changed = torch.minimum(
        (seen.varied - seen.clear).abs().amax((1, 2, 3)),
        (seen.varied - seen.clear.flip(3)).abs().amax((1, 2, 3)),
    )
    assert int((changed > 0.5).sum()) == 10


def test_places_are_those_of_opencv() -> None:
    turn = cv2.getRotationMatrix2D((63.5, 63.5), 7, 1.05)
    theirs = cv2.warpAffine(
        CROPS[0], turn, (CROP_SIZE, CROP_SIZE), borderMode=cv2.BORDER_REFLECT_101
    )
    back = cv2.invertAffineTransform(turn)
    back[:, 2] += back[:, :2] @ (8, 8)  # the standard crop begins there
    crop = torch.from_numpy(CROPS[:1]).permute(0, 3, 1, 2).float()
    ours = as_images(placed(crop, torch.from_numpy(back[None]).float()))[0]
    assert np.abs(ours - standard(theirs)).mean() < 0.5


@pytest.mark.parametrize("quality", [30, 60, 89])
def test_jpeg_spoils_as_much_as_the_real_one_and_alike(quality: int) -> None:
    crops = standard(CROPS)
    x = torch.from_numpy(crops.copy()).permute(0, 3, 1, 2).float()
    jpeg = Jpeg(torch.device("cpu"))
    ours = as_images(jpeg(x, torch.full((len(crops),), float(quality))))
    theirs = np.stack(
        [
            cv2.imdecode(cv2.imencode(".jpg", c, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)
            for c in crops
        ]
    ).astype(np.float32)
    lost, meant = np.abs(ours - crops).mean(), np.abs(theirs - crops).mean()
    assert 0.7 * meant < lost < 1.3 * meant
    assert np.abs(ours - theirs).mean() < 0.8 * meant


def test_overlays_cover_part_of_a_face() -> None:
    drawn = overlays(6, seed=0)
    share = drawn[:, 3]
    assert share.min() >= 0
    assert share.max() <= 1
    assert (share.mean(axis=(1, 2)) > 0.03).all()
    assert (share.mean(axis=(1, 2)) < 0.6).all()
    assert (drawn[:, :3] <= 255 * share[:, None] + 1).all()


def test_a_size_that_has_no_blocks_is_refused() -> None:
    with pytest.raises(BadInput, match="multiple of 16 pixels"):
        faces(Augmentation(), size=100)
