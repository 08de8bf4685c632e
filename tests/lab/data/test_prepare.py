"""A folder of people becomes a zip that training reads."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.data.crops import load_crops, split_by_identity
from kiosk.lab.data.prepare import ROOMY, prepare
from kiosk.vision.detector import MtcnnDetector
from tools.drawn_faces.faces import Pose, synthetic_face

MODELS = Path(__file__).resolve().parents[3] / "models"
detector = partial(MtcnnDetector, MODELS)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    root = tmp_path / "people"
    for name, seed in (("Ada", 3), ("Mia", 8)):
        (root / name).mkdir(parents=True)
        for number, pose in enumerate((Pose(), Pose(yaw=7))):
            picture = cv2.cvtColor(synthetic_face(seed, 200, pose), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(root / name / f"{number}.jpg"), picture)
    cv2.imwrite(str(root / "Mia" / "wall.png"), np.full((200, 200, 3), 90, np.uint8))
    return root


def test_people_become_crops_to_train_on(people: Path, tmp_path: Path) -> None:
    done = prepare(people, tmp_path / "mine.zip", detector, tmp_path / "cache")

    assert (done.crops, done.people, done.without_face) == (4, 2, ("Mia/wall.png",))
    crops = load_crops(tmp_path, tmp_path / "cache", ["mine"])
    assert crops.identities == ("mine/Ada", "mine/Ada", "mine/Mia", "mine/Mia")
    split_by_identity(crops, 1, 0)
    # Found again, the landmarks lie where the template wants them, 8 px further in.
    for image in crops.images:
        (face,) = MtcnnDetector(MODELS, 40).detect(np.ascontiguousarray(image))
        assert face.landmarks.mean(axis=0) == pytest.approx(np.mean(ROOMY.points, axis=0), abs=2)


def test_without_labels_everybody_is_alone(people: Path, tmp_path: Path) -> None:
    prepare(people, tmp_path / "mine.zip", detector, tmp_path / "cache", labelled=False)
    crops = load_crops(tmp_path, tmp_path / "cache", ["mine"])
    assert len(set(crops.identities)) == 4


def test_what_can_not_be_read_or_written_is_told(people: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be"):
        prepare(tmp_path / "none", tmp_path / "a.zip", detector, tmp_path)
    with pytest.raises(EnvironmentFailed, match="can't be written"):
        prepare(people, tmp_path / "nowhere" / "a.zip", detector, tmp_path / "cache")


def test_another_picture_has_another_name(people: Path, tmp_path: Path) -> None:
    """By its name the teacher's answer is kept."""
    prepare(people, tmp_path / "mine.zip", detector, tmp_path / "cache")
    before = set(load_crops(tmp_path, tmp_path / "cache", ["mine"]).names)
    picture = people / "Ada" / "0.jpg"
    cv2.imwrite(str(picture), cv2.flip(cv2.imread(str(picture)), 1))
    prepare(people, tmp_path / "mine.zip", detector, tmp_path / "cache")
    after = set(load_crops(tmp_path, tmp_path / "cache", ["mine"]).names)
    assert len(after - before) == len(before - after) == 1
