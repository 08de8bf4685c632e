"""Encoders under test: many pictures at a time answer as one does; what is none is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image, Points, Vector
from kiosk.lab.evaluation.encoders import crop_key, embed, open_encoder
from kiosk.lab.evaluation.measure import open_subject
from kiosk.lab.release.publish import ENCODER_ID
from kiosk.vision.align import Alignment, similarity
from tools.drawn_faces.faces import Pose, synthetic_face

MODELS = Path(__file__).resolve().parents[3] / "models"


class Mute:
    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        raise AssertionError("asked again")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("people")
    for seed in range(18):
        (root / f"Person {seed}").mkdir()
        for number, yaw in enumerate((-5, 5)):
            picture = synthetic_face(seed, 128, Pose(yaw=yaw))
            path = root / f"Person {seed}/{number}.png"
            cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return root


def test_a_keras_network_answers_in_batches_as_one_by_one(people: Path, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    from kiosk.lab.networks.report import build

    keras.utils.set_random_seed(1)
    path = tmp_path / "row.keras"
    build("conv2", 64, 16, "average", None, False).save(path)
    subject = open_subject(people, None, MODELS, tmp_path, aligned=True)
    candidate = open_encoder(str(path), MODELS, tmp_path)
    said: list[int] = []

    ours = embed(candidate, subject.pictures, subject.faces, tmp_path, said.append)

    assert ours.shape == (36, 16)  # more than are seen at once
    for row in (0, 17, 35):
        face = Face(Box(0, 0, 1, 1), subject.faces.landmarks[row], 1.0)
        (alone,) = candidate.encoder.encode(subject.pictures.read(row), [face])
        np.testing.assert_allclose(ours[row], alone, atol=1e-5)
    assert said == []  # it speaks every 500 pictures
    mute = replace(candidate, crops=None, encoder=Mute())  # from here on only the cache can answer
    np.testing.assert_array_equal(ours, embed(mute, subject.pictures, subject.faces, tmp_path))


def test_the_shipped_encoder_by_name_and_by_file(people: Path, tmp_path: Path) -> None:
    subject = open_subject(people, None, MODELS, tmp_path, aligned=True)
    some = subject.pictures.select(np.arange(4))
    named = open_encoder(ENCODER_ID, MODELS, tmp_path)
    filed = open_encoder(str(MODELS / "efficientfacenet.tflite"), MODELS, tmp_path)
    assert named.key == filed.key
    vectors = embed(named, some, subject.faces, tmp_path)
    assert vectors.shape == (4, 192)
    again = embed(filed, some, subject.faces, tmp_path / "another")
    np.testing.assert_array_equal(vectors, again)


def test_another_fill_of_what_a_picture_lacks_is_read_from_no_old_file(
    people: Path, tmp_path: Path
) -> None:
    def stretched(image: Image, points: Points, alignment: Alignment) -> Image:
        matrix, side = similarity(points, alignment)[:2], (alignment.size, alignment.size)
        return np.asarray(cv2.warpAffine(image, matrix, side, borderMode=cv2.BORDER_REPLICATE))

    def black(image: Image, points: Points, alignment: Alignment) -> Image:
        matrix, side = similarity(points, alignment)[:2], (alignment.size, alignment.size)
        return np.asarray(cv2.warpAffine(image, matrix, side))

    assert crop_key(black) == crop_key()
    assert crop_key(stretched) != crop_key()
    subject = open_subject(people, None, MODELS, tmp_path, aligned=True)
    some = subject.pictures.select(np.arange(2))
    named = open_encoder(ENCODER_ID, MODELS, tmp_path)
    embed(named, some, subject.faces, tmp_path)
    assert [path for path in tmp_path.glob("embeddings_*") if crop_key() in path.name]


def test_what_is_no_encoder_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"efficientfacenet.* teacher, or an \.onnx"):
        open_encoder("facenet", MODELS, tmp_path)
    with pytest.raises(BadInput, match=r"The encoder  should be an id"):
        open_encoder("", MODELS, tmp_path)
    pytest.importorskip("keras")
    broken = tmp_path / "broken.keras"
    broken.write_bytes(b"no network")
    with pytest.raises(BadInput, match="should be a Keras network of this lab"):
        open_encoder(str(broken), MODELS, tmp_path)


def test_files_that_are_no_encoder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "half.tflite").write_bytes(b"half a file")
    for name in ("none.tflite", "half.tflite"):
        with pytest.raises(BadInput, match="should be a TFLite encoder"):
            open_encoder(str(tmp_path / name), MODELS, tmp_path)


def test_a_head_is_no_encoder(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    from kiosk.lab.networks.report import pair_head

    pair_head(8, "commutative").save(tmp_path / "head.keras")
    with pytest.raises(BadInput, match="that takes a picture"):
        open_encoder(str(tmp_path / "head.keras"), MODELS, tmp_path)
