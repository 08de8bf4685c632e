"""From a run's checkpoint to file, manifest, card and weights, in a copy of `models/`."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("tensorflow")
torch = pytest.importorskip("torch")

from kiosk.devices.demo_faces import Pose, synthetic_face  # noqa: E402
from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab import checkpoint  # noqa: E402
from kiosk.lab.config import TrainConfig  # noqa: E402
from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet  # noqa: E402
from kiosk.lab.publish import CARD_NAME, FILE_NAME, WEIGHTS_NAME  # noqa: E402
from kiosk.lab.ship import convert, ship  # noqa: E402
from kiosk.lab.teacher import EmbeddingCache, FileTeacher  # noqa: E402
from kiosk.lab.train import Trainer  # noqa: E402
from kiosk.lab.training_set import training_set  # noqa: E402
from kiosk.vision.encoder import load_encoder  # noqa: E402
from kiosk.vision.manifest import read_manifest  # noqa: E402

MODELS = Path(__file__).resolve().parents[2] / "models"
CONFIG = TrainConfig(sources=("glint23",), held_out=60, blends=0, size=32)


def people(root: Path) -> Path:
    for seed in range(12):
        folder = root / f"Person {seed}"
        folder.mkdir(parents=True)
        for number, yaw in enumerate((-8, -3, 3, 8)):
            picture = synthetic_face(seed, 160, Pose(yaw=yaw))
            cv2.imwrite(str(folder / f"{number}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return root


def test_a_checkpoint_is_converted_measured_and_described(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, teacher = shared / "data/train", shared / "teacher/mobilefacenet_y1.onnx"
    runs = tmp_path / "runs"
    crops, split = training_set(CONFIG, data, runs / "cache")
    network = FileTeacher(teacher)
    cache = EmbeddingCache(crops, network, runs / "cache")
    cache.fill(crops, network, split.held_out[:20])
    torch.manual_seed(0)
    trainer = Trainer(CONFIG, crops, split, cache.values, TorchEfficientFaceNet(), cache.ready)
    checkpoint.save(runs / "one/state.pt", trainer.state())
    with pytest.raises(BadInput, match="views are 1, 2 or 4, not float16 and 3"):
        convert(runs / "one", CONFIG, 3, "float16", data, teacher, runs)

    shipped = convert(runs / "one", CONFIG, 1, "float16", data, teacher, runs)
    models = tmp_path / "models"
    shutil.copytree(MODELS, models)
    path = runs / "one/encoder.tflite"
    path.write_bytes(shipped.content)
    root = people(tmp_path / "people")

    def publish() -> bool:
        return ship(shipped, path, models, root, teacher, runs / "cache", 20, say=lambda line: None)

    before = (models / FILE_NAME).read_bytes(), (models / "manifest.json").read_bytes()
    monkeypatch.setattr("kiosk.lab.ship.MOST_CROSS_FAR", -1)
    with pytest.raises(BadInput, match=r"nothing was written\. Give ENCODER_ID"):
        publish()
    assert before == ((models / FILE_NAME).read_bytes(), (models / "manifest.json").read_bytes())
    monkeypatch.undo()
    best = publish()

    assert shipped.how.size == 32
    assert shipped.how.parity.least > 0.999
    entry = read_manifest(models).encoders["efficientfacenet"]
    assert entry.curve.pairs == "all pairs of people"
    assert not best  # an untrained network, beside dlib
    assert read_manifest(models).default_encoder == "dlib-resnet-v1"
    assert (models / FILE_NAME).read_bytes() == shipped.content
    card = (models / CARD_NAME).read_text()
    assert "at 32 px in the end" in card
    assert "## Templates of the version before" in card
    with np.load(models / WEIGHTS_NAME) as weights:
        assert weights["gdc/kernel"].dtype == np.float16
    assert load_encoder("efficientfacenet", models).info.dimension == 128
