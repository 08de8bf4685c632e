"""What ships answers as the Keras network does; what does not is refused, nothing is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tensorflow")

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.networks.efficientfacenet import VIEWS, as_shipped, efficientfacenet
from kiosk.lab.release.export import (
    LEAST_COSINE,
    check_parity,
    check_tar,
    keras_model,
    run_tflite,
    to_tflite,
)
from kiosk.lab.release.publish import FILE_NAME, WEIGHTS_NAME
from tools.drawn_faces.faces import Pose, synthetic_face

MODELS = Path(__file__).resolve().parents[3] / "models"


@pytest.fixture(scope="module")
def faces() -> NDArray[np.uint8]:
    return np.stack(
        [synthetic_face(seed, 112, Pose(yaw=yaw)) for seed in (3, 4, 8, 10) for yaw in (-6, 0, 6)]
    )


def test_the_shipped_file_is_the_committed_weights(faces: NDArray[np.uint8]) -> None:
    with np.load(MODELS / WEIGHTS_NAME) as weights:
        network = keras_model(weights, int(weights["size"]), 192)
    run = run_tflite((MODELS / FILE_NAME).read_bytes())
    ours = np.stack([run(face) for face in faces])
    cosines = []
    for views in VIEWS:  # the card says how many in words
        shipped = as_shipped(network, views)
        theirs = np.asarray(shipped(faces.astype(np.float32)))
        cosines.append((ours * theirs).sum(axis=1).min())
    assert max(cosines) > LEAST_COSINE


def test_parity_of_a_conversion_and_of_one_with_too_little_precision(
    faces: NDArray[np.uint8],
) -> None:
    with np.load(MODELS / WEIGHTS_NAME) as weights:
        model = as_shipped(keras_model(weights, 64, 192), 1)
    content = to_tflite(model, "float16", faces)
    parity = check_parity(model, content, faces)
    assert LEAST_COSINE < parity.least <= parity.mean <= 1.0001
    assert 0 < parity.file_ms < parity.keras_ms
    with pytest.raises(EnvironmentFailed, match=r"nothing was written\. Export with more"):
        check_parity(model, to_tflite(model, "int8", faces[:2]), faces)


class Knowing:
    """A network that tells the people apart whatever it is shown."""

    def predict(self, crops: NDArray[np.float32], verbose: int) -> NDArray[np.float32]:
        return np.eye(len(crops) // 10, dtype=np.float32).repeat(10, axis=0)


def test_a_file_that_accepts_fewer_of_the_right_people_is_refused() -> None:
    rng = np.random.default_rng(0)
    crops = rng.integers(0, 256, (160, 112, 112, 3), dtype=np.uint8)
    people = [str(i // 10) for i in range(160)]
    content = (MODELS / FILE_NAME).read_bytes()
    with pytest.raises(EnvironmentFailed, match=r"instead of 1\.0000; nothing was written"):
        check_tar(Knowing(), content, crops, people)
    assert check_tar(Knowing(), content, crops[:20], people[:20]) is None


def test_half_a_network_is_refused() -> None:
    with np.load(MODELS / WEIGHTS_NAME) as weights:
        some = {name: weights[name] for name in weights.files if not name.startswith("gdc")}
    with pytest.raises(BadInput, match="1 weights are missing, gdc/kernel among them"):
        keras_model(some, 64, 192)


def test_the_conversion_says_what_backend_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras.backend.backend", lambda: "torch")
    with pytest.raises(EnvironmentFailed, match="KERAS_BACKEND=tensorflow"):
        to_tflite(efficientfacenet(32, 8), "float32", np.zeros((1, 32, 32, 3), np.uint8))
