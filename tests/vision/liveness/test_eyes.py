"""All the parts together; what each sees, its own test says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Box, Face, Frame
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.liveness.eyes import FrameCues, load_cues
from kiosk.vision.liveness.network import FILE_NAME, LivenessNetwork
from kiosk.vision.manifest import describe_file, write_file_entry

TINY = Path(__file__).parent / "tiny_liveness.tflite"


def face() -> Face:
    return Face(Box(200, 150, 112, 112), np.array(ARCFACE_112.points, np.float32) + 200, 1.0)


def frame(index: int = 0) -> Frame:
    image = np.random.default_rng(index).integers(0, 255, (480, 640, 3), np.uint8)
    return Frame(image, index, index / 30)


def test_the_network_is_loaded_with_the_first_face_and_once() -> None:
    loaded = []

    def load() -> LivenessNetwork:
        loaded.append(1)
        return LivenessNetwork(TINY.read_bytes())

    check = FrameCues(load)
    check.empty(frame())
    assert not loaded
    cues = [check.look(frame(at), face()) for at in range(3)]
    assert len(loaded) == 1
    assert cues[0].looks is not None


def test_without_a_network_the_others_tell() -> None:
    cues = FrameCues(lambda: None).look(frame(), face())
    assert cues.looks is None
    assert cues.turn == pytest.approx(0, abs=0.05)


def test_models_without_the_network_are_no_fault(tmp_path: Path) -> None:
    shutil.copy(TINY, tmp_path / "other.tflite")
    write_file_entry(tmp_path, describe_file(tmp_path / "other.tflite", licence="none"))
    assert load_cues(tmp_path).look(frame(), face()).looks is None


def test_an_altered_network_is_told_when_it_is_needed(tmp_path: Path) -> None:
    shutil.copy(TINY, tmp_path / FILE_NAME)
    write_file_entry(tmp_path, describe_file(tmp_path / FILE_NAME, licence="none"))
    check = load_cues(tmp_path)
    assert check.look(frame(), face()).looks is not None
    (tmp_path / FILE_NAME).write_bytes(b"altered")
    with pytest.raises(ModelError, match=FILE_NAME):
        load_cues(tmp_path).look(frame(), face())
