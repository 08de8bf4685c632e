"""The network against photos as the kiosk runs it; how good it is, the lab says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Box, Face
from kiosk.resources import MODELS
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.liveness import FILE_NAME, LivenessNetwork, fused, load_liveness
from kiosk.vision.manifest import describe_file, write_file_entry
from tools.drawn_faces.faces import synthetic_face

HERE = Path(__file__).parent
# The mean red of the canvas / 100 - 1, and the mean green, as if they told anything.
TINY = HERE / "tiny_liveness.tflite"


def face(size: float = 112) -> Face:
    points = np.array(ARCFACE_112.points, np.float32) * size / 112
    return Face(Box(0, 0, size, size), points, 1.0)


def test_its_answers_are_odds() -> None:
    network = LivenessNetwork(TINY.read_bytes())
    image = np.full((600, 600, 3), (255, 0, 0), np.uint8)
    score = network.score(image, Face(Box(0, 0, 1, 1), face(100).landmarks + 250, 1.0))
    assert score.near == pytest.approx(1 / (1 + np.exp(-1.55)), abs=0.01)
    assert score.far == pytest.approx(1 / (1 + np.exp(1)), abs=0.01)
    assert score.far < score.both < score.near


def test_no_answer_is_too_sure_to_be_a_number() -> None:
    assert fused(-1e4, 1e4).both == pytest.approx(0.5)
    assert fused(1e4, 1e4).both == pytest.approx(1)


def test_the_same_frame_gives_the_same_score() -> None:
    network = LivenessNetwork(TINY.read_bytes())
    image = synthetic_face(3)
    (found,) = MtcnnDetector(MODELS, 40).detect(image)
    assert network.score(image, found) == network.score(image, found)


def test_another_network_is_refused() -> None:
    with pytest.raises(ModelError, match="2 numbers"):
        LivenessNetwork((HERE.parent / "tiny_wide.tflite").read_bytes())


def test_it_is_read_by_the_manifest(tmp_path: Path) -> None:
    shutil.copy(TINY, tmp_path / FILE_NAME)
    write_file_entry(tmp_path, describe_file(tmp_path / FILE_NAME, licence="none"))
    assert isinstance(load_liveness(tmp_path), LivenessNetwork)
    (tmp_path / FILE_NAME).write_bytes(b"altered")
    with pytest.raises(ModelError, match=FILE_NAME):
        load_liveness(tmp_path)
