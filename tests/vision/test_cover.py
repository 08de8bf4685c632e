from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.decision import Hint
from kiosk.domain.errors import ModelError
from kiosk.resources import MODELS
from kiosk.vision.cover import FEATURES, FILE_NAME, Cover, features
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.manifest import read_manifest
from kiosk.vision.quality import FaceQuality


@pytest.fixture(scope="module")
def cover() -> Cover:
    return Cover.read(read_manifest(MODELS).read_file(FILE_NAME))


def crop(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(40, 200, (14, 14, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(noise, (112, 112), interpolation=cv2.INTER_CUBIC))


def test_what_is_looked_at_knows_neither_brightness_nor_contrast() -> None:
    picture = crop()
    darker = (picture * 0.6).astype(np.uint8)
    one, other = features(picture), features(darker)
    assert one.shape == (FEATURES,)
    assert np.abs(one - other).mean() < 0.2 * np.abs(one).mean()
    assert np.isfinite(features(np.zeros((112, 112, 3), np.uint8))).all()


def test_size_does_not_matter() -> None:
    picture = crop()
    half = cv2.resize(picture, (56, 56), interpolation=cv2.INTER_AREA)
    assert features(np.asarray(half)) == pytest.approx(features(picture), abs=0.05)


@pytest.mark.parametrize("content", [b"", b"no network", b"PK\x03\x04"])
def test_a_file_that_is_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match=r"cover\.npz should hold the weights"):
        Cover.read(content)


def test_weights_of_another_form_are_refused(cover: Cover) -> None:
    made = io.BytesIO()
    names = ("mean", "scale", "first", "first_bias", "second", "second_bias")
    parts = {name: getattr(cover, name) for name in names}
    np.savez(made, **{**parts, "first": cover.first[:5]}, limit=0.5)
    with pytest.raises(ModelError, match="do not fit"):
        Cover.read(made.getvalue())


def test_without_the_network_no_face_is_covered_and_with_it_a_mask_is(
    shared: Path, cover: Cover
) -> None:
    (case,) = (shared / "cases").glob("25-*")
    detector = MtcnnDetector(MODELS, min_face=36)

    def covered(name: str, quality: FaceQuality) -> bool:
        image = np.ascontiguousarray(cv2.imread(str(case / name))[..., ::-1])
        found = quality.assess(image, detector.detect(image)[0])
        assert found.hint is Hint.NONE
        return found.covered

    looks = FaceQuality(48, cover=cover)
    assert covered("mask.jpg", looks)
    assert not any(covered(name, looks) for name in ("plain.jpg", "a1.jpg", "a2.jpg"))
    assert not covered("mask.jpg", FaceQuality(48))


def test_what_the_lab_writes_is_what_is_read(cover: Cover) -> None:
    pytest.importorskip("sklearn", reason="needs the extra lab")
    from kiosk.lab.training.cover import packed

    again = Cover.read(packed(cover))
    rows = np.stack([features(crop(seed)) for seed in range(5)])
    assert again.belief(rows) == pytest.approx(cover.belief(rows), abs=1e-6)
    assert again.limit == cover.limit
