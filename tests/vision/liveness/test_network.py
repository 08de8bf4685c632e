"""The network against photos as the kiosk runs it; how good it is, the lab says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Box, Face
from kiosk.resources import MODELS
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.liveness.network import FILE_NAME, LivenessNetwork, load_liveness
from kiosk.vision.manifest import describe_file, write_file_entry
from tools.drawn_faces.faces import synthetic_face

HERE = Path(__file__).parent
# The mean red of what is seen / 100 - 1, as if it told anything.
TINY = HERE / "tiny_liveness.tflite"


def test_its_answer_is_of_the_face_and_what_is_around_it() -> None:
    network = LivenessNetwork(TINY.read_bytes())
    image = np.full((600, 600, 3), (255, 0, 0), np.uint8)
    face = Face(Box(250, 250, 100, 100), np.zeros((5, 2), np.float32), 1.0)
    assert network.answer(image, face) == pytest.approx(1.55, abs=0.01)
    image[:150] = 0  # further away than 2.7 boxes reach
    assert network.answer(image, face) == pytest.approx(1.55, abs=0.01)
    image[:300] = 0
    assert network.answer(image, face) < 0.5


def test_the_same_frame_gives_the_same_answer() -> None:
    network = LivenessNetwork(TINY.read_bytes())
    image = synthetic_face(3)
    (found,) = MtcnnDetector(MODELS, 40).detect(image)
    assert network.answer(image, found) == network.answer(image, found)


def test_another_network_is_refused() -> None:
    with pytest.raises(ModelError, match="1 number"):
        LivenessNetwork((HERE.parent / "tiny_wide.tflite").read_bytes())


def test_it_is_read_by_the_manifest(tmp_path: Path) -> None:
    shutil.copy(TINY, tmp_path / FILE_NAME)
    write_file_entry(tmp_path, describe_file(tmp_path / FILE_NAME, licence="none"))
    assert isinstance(load_liveness(tmp_path), LivenessNetwork)
    (tmp_path / FILE_NAME).write_bytes(b"altered")
    with pytest.raises(ModelError, match=FILE_NAME):
        load_liveness(tmp_path)
