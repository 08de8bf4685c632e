"""SFace's file is made from the package's, and answers as that does."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("onnx")

from kiosk.domain.errors import BadInput
from kiosk.lab.networks.sface import sface
from kiosk.lab.release.export import LEAST_COSINE, run_tflite
from kiosk.lab.release.sface import ENTRY, PACKAGED, write_sface
from kiosk.vision.manifest import read_manifest, write_encoder_entry
from kiosk.vision.packages import locate
from tools.drawn_faces.faces import Pose, synthetic_face

MODELS = Path(__file__).resolve().parents[3] / "models"
packaged = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGED.package) is None,
    reason="the extra sface is not installed: pip install 'kiosk[sface]'",
)
FACES = [synthetic_face(seed, 112, Pose(yaw=yaw)) for seed in (3, 8, 10) for yaw in (-6, 6)]


@packaged
def test_the_shipped_file_answers_as_opencv_with_the_package_s() -> None:
    theirs = cv2.dnn.readNetFromONNX(str(locate(PACKAGED)))
    ours = run_tflite((MODELS / "sface.tflite").read_bytes())
    for face in FACES:
        # As cv2.FaceRecognizerSF shows it: RGB, 0 to 255.
        theirs.setInput(cv2.dnn.blobFromImage(face), "data")
        vector = np.asarray(theirs.forward())[0]
        assert ours(face) @ vector / np.linalg.norm(vector) > LEAST_COSINE


@packaged
def test_it_is_made_anew_from_the_package(tmp_path: Path) -> None:
    shutil.copy(MODELS / "manifest.json", tmp_path)
    write_encoder_entry(tmp_path, write_sface(tmp_path))
    manifest = read_manifest(tmp_path)
    made = run_tflite(manifest.read_file("sface.tflite"))
    shipped = run_tflite((MODELS / "sface.tflite").read_bytes())
    for face in FACES:
        assert made(face) @ shipped(face) > 0.99999
    assert manifest.encoders["sface"].licence == "Apache-2.0"
    assert manifest.encoders["efficientfacenet-192"].licence.startswith("Research data")


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"no network")
    with pytest.raises(BadInput, match=r"net\.onnx should be SFace's.*install the extra sface"):
        sface(tmp_path / "net.onnx")


def test_what_ships_comes_with_licence_and_card() -> None:
    manifest = read_manifest(MODELS)
    entry = manifest.files["sface.tflite"]
    assert entry.notice is not None
    assert "Apache License" in (MODELS / entry.notice).read_text()
    card = (MODELS / "sface.md").read_text()
    assert PACKAGED.sha256 in card
    assert "MS-Celeb-1M" in card, "what it was trained on is said plainly"
    assert manifest.encoders["sface"].training == ENTRY.training


def test_its_cohort_is_of_pictures_that_a_business_may_use() -> None:
    manifest = read_manifest(MODELS)
    shipped = manifest.encoders["sface"].cohort
    assert shipped is not None
    assert shipped.people == "people of FairFace"
    assert manifest.files[shipped.file].licence == "CC-BY-4.0"
    assert manifest.files[shipped.file].notice == "sface.md", "whom to thank for the pictures"
