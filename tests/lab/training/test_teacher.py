"""The teacher's embeddings are computed once, in any order, and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import CropSet, standard
from kiosk.lab.training.teacher import (
    EmbeddingCache,
    FileTeacher,
    Preprocessing,
    read_preprocessing,
)
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


@pytest.mark.parametrize("backwards", [False, True])
def test_a_longer_set_keeps_what_is_known_of_shorter_ones(
    tmp_path: Path,
    crops: CropSet,
    teacher: FakeTeacher,
    backwards: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In whatever order the folder lists them: one that knows less takes nothing away."""
    glob = Path.glob
    monkeypatch.setattr(
        Path, "glob", lambda path, what: sorted(glob(path, what), reverse=backwards)
    )

    def first(count: int) -> CropSet:
        return replace(
            crops,
            images=crops.images[:count],
            names=crops.names[:count],
            identities=crops.identities[:count],
            labelled=crops.labelled[:count],
        )

    for count, known in ((12, 4), (20, 15), (16, 0)):
        part = first(count)
        EmbeddingCache(part, teacher, tmp_path).fill(part, teacher, np.arange(known))
    other = replace(first(12), names=tuple(f"other/{name}" for name in crops.names[:12]))
    EmbeddingCache(other, teacher, tmp_path).fill(other, teacher, np.arange(12))

    longer = EmbeddingCache(crops, teacher, tmp_path)

    assert np.flatnonzero(longer.ready()).tolist() == list(range(15))
    np.testing.assert_allclose(longer.values[:15], teacher.embed(standard(crops.images[:15])))


@pytest.mark.parametrize("name", ["teacher.onnx", "teacher.tflite", "teacher.keras"])
def test_what_is_no_network_is_refused(tmp_path: Path, name: str) -> None:
    if name.endswith(".keras"):
        pytest.importorskip("keras")
    path = tmp_path / name
    path.write_bytes(b"no network")
    with pytest.raises(BadInput, match="can't be opened"):
        FileTeacher(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.onnx, \.tflite or \.keras file"):
        FileTeacher(tmp_path / "teacher.pth")


def test_what_a_network_is_shown() -> None:
    crops = np.random.default_rng(0).integers(0, 256, (3, 112, 112, 3), dtype=np.uint8)
    assert (Preprocessing()(crops) == crops.transpose(0, 3, 1, 2)).all()
    shown = Preprocessing(size=160, layout="nhwc", colour="bgr", mean=127.5, scale=1 / 128)(crops)
    assert shown.shape == (3, 160, 160, 3)
    assert shown.dtype == np.float32
    assert shown[..., 0].mean() == pytest.approx((crops[..., 2].mean() - 127.5) / 128, abs=5e-3)
    white = Preprocessing(layout="nhwc", whiten=True)(crops)
    np.testing.assert_allclose(white.mean(axis=(1, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(white.std(axis=(1, 2, 3)), 1, rtol=1e-5)
    plain = np.full((1, 112, 112, 3), 90, np.uint8)
    assert np.isfinite(Preprocessing(whiten=True)(plain)).all()


@pytest.mark.parametrize(
    "text",
    [
        "no json", "[]", '{"pixels": 160}', '{"layout": "hwcn"}', '{"colour": "grey"}',
        '{"size": 4}', '{"size": "160"}', '{"scale": 0}', '{"mean": "x"}',
    ],
)  # fmt: skip
def test_a_description_that_describes_nothing_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "teacher.json").write_text(text)
    with pytest.raises(BadInput, match=r"teacher\.json should describe what the teacher is shown"):
        read_preprocessing(tmp_path / "teacher.onnx")


def test_a_described_keras_network_is_a_teacher(tmp_path: Path) -> None:
    """As FaceNet comes: 160 px, its own mean and deviation taken out, no length."""
    keras = pytest.importorskip("keras")
    image = keras.Input((160, 160, 3))
    pooled = keras.layers.AveragePooling2D(40)(image)
    model = keras.Model(image, keras.layers.Dense(24)(keras.layers.Flatten()(pooled)))
    path = tmp_path / "facenet.keras"
    model.save(path)

    with pytest.raises(BadInput, match=r"takes n x 160 x 160 x 3; describe .* facenet\.json"):
        FileTeacher(path)
    (tmp_path / "facenet.json").write_text('{"size": 160, "layout": "nhwc", "whiten": true}')
    teacher = FileTeacher(path)
    crops = np.random.default_rng(0).integers(0, 256, (2, 112, 112, 3), dtype=np.uint8)
    ours = teacher.embed(crops)

    assert teacher.dimension == 24
    shown = Preprocessing(160, "nhwc", whiten=True)(crops)
    theirs = np.asarray(model(shown))
    length = np.linalg.norm(theirs, axis=1, keepdims=True)
    np.testing.assert_allclose(ours, theirs / length, atol=1e-5)
    (tmp_path / "facenet.json").write_text('{"size": 160, "layout": "nhwc"}')
    assert FileTeacher(path).key != teacher.key  # what was cached is of another description


def test_a_network_of_pairs_is_no_teacher(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    from kiosk.lab.networks.report import pair_head

    path = tmp_path / "head.keras"
    pair_head(8, "commutative").save(path)
    with pytest.raises(BadInput, match=r"head\.keras should "):
        FileTeacher(path)


def test_the_shipped_file_is_a_teacher_too(tmp_path: Path) -> None:
    path = tmp_path / "ours.tflite"
    path.write_bytes((Path(__file__).parents[3] / "models/efficientfacenet.tflite").read_bytes())
    (tmp_path / "ours.json").write_text('{"size": 96, "layout": "nhwc"}')
    with pytest.raises(BadInput, match="should take n x 96 x 96 x 3, but takes n x 112"):
        FileTeacher(path)
    (tmp_path / "ours.json").unlink()
    teacher = FileTeacher(path)
    crops = np.random.default_rng(0).integers(0, 256, (2, 112, 112, 3), dtype=np.uint8)
    assert teacher.dimension == 192
    np.testing.assert_allclose(np.linalg.norm(teacher.embed(crops), axis=1), 1, rtol=1e-5)


def test_the_shared_teacher(shared: Path) -> None:
    teacher = FileTeacher(shared / "teacher/mobilefacenet_y1.onnx")
    vectors = teacher.embed(np.full((2, 112, 112, 3), 90, np.uint8))
    assert vectors.shape == (2, 128)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
