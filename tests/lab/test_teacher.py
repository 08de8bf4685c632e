"""The teacher's embeddings are computed once, in any order, and kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.data import CropSet, standard
from kiosk.lab.teacher import EmbeddingCache, OnnxTeacher
from tests.lab.conftest import FakeTeacher


def test_cache_fills_what_is_missing(tmp_path: Path, crops: CropSet, teacher: FakeTeacher) -> None:
    cache = EmbeddingCache(crops, teacher, tmp_path)
    assert not cache.ready().any()
    assert cache.fill(crops, teacher, np.array([9, 2, 5]), chunk=2) == 3
    assert np.flatnonzero(cache.ready()).tolist() == [2, 5, 9]
    again = EmbeddingCache(crops, teacher, tmp_path)
    assert again.fill(crops, teacher, np.arange(len(crops))) == len(crops) - 3
    assert teacher.asked == len(crops)
    np.testing.assert_allclose(again.values, teacher.embed(standard(crops.images)))


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "teacher.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(BadInput, match="can't open it"):
        OnnxTeacher(path)


def test_the_shared_teacher(shared: Path) -> None:
    teacher = OnnxTeacher(shared / "teacher/mobilefacenet_y1.onnx")
    vectors = teacher.embed(np.full((2, 112, 112, 3), 90, np.uint8))
    assert vectors.shape == (2, 128)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
