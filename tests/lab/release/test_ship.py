"""From a run's checkpoint to file, manifest, card and weights, in a copy of `models/`."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")
torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab.data.training_set import training_set  # noqa: E402
from kiosk.lab.evaluation.metrics import CrossRate  # noqa: E402
from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet  # noqa: E402
from kiosk.lab.release.export import Parity  # noqa: E402
from kiosk.lab.release.publish import (  # noqa: E402
    CARD_NAME,
    ENCODER_ID,
    FILE_NAME,
    WEIGHTS_NAME,
    Provenance,
)
from kiosk.lab.release.ship import Shipped, convert, judged, ship  # noqa: E402
from kiosk.lab.training import checkpoint  # noqa: E402
from kiosk.lab.training.config import TrainConfig  # noqa: E402
from kiosk.lab.training.distil import Trainer  # noqa: E402
from kiosk.lab.training.join import join  # noqa: E402
from kiosk.lab.training.teacher import EmbeddingCache, FileTeacher  # noqa: E402
from kiosk.vision.encoder import load_encoder  # noqa: E402
from kiosk.vision.manifest import read_manifest  # noqa: E402

MODELS = Path(__file__).resolve().parents[3] / "models"
CONFIG = TrainConfig(sources=("glint23",), held_out=60, blends=0, size=32, dimension=192)


class Run:
    """Networks that were never trained here, as a run leaves them."""

    def __init__(self, shared: Path, folder: Path) -> None:
        self.data, self.runs = shared / "data/train", folder / "runs"
        self.teacher = folder / "teacher.onnx"  # of as many numbers as what ships
        one = shared / "teacher/mobilefacenet_y1.onnx"
        onnx.save(join(one, one, np.eye(256, 192, dtype=np.float32)), self.teacher)
        self.crops, self.split = training_set(CONFIG, self.data, self.runs / "cache")
        network = FileTeacher(self.teacher)
        self.cache = EmbeddingCache(self.crops, network, self.runs / "cache")
        self.cache.fill(self.crops, network, self.split.held_out[:20])

    def converted(self, name: str, network: TorchEfficientFaceNet, views: int = 1) -> Shipped:
        trainer = Trainer(
            CONFIG, self.crops, self.split, self.cache.values, network, self.cache.ready
        )
        checkpoint.save(self.runs / name / "state.pt", trainer.state())
        return convert(
            self.runs / name, CONFIG, views, "float16", self.data, self.teacher, self.runs,
            refresh=128,
        )  # fmt: skip

    def publish(self, name: str, shipped: Shipped, models: Path, root: Path) -> bool:
        path = self.runs / name / "encoder.tflite"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(shipped.content)
        return ship(
            shipped, path, models, root, self.teacher, self.runs / "cache", 20,
            say=lambda line: None,
        )  # fmt: skip


@pytest.fixture(scope="module")
def people(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten people of LFW with six pictures each: 1,620 pairs of strangers."""
    root = tmp_path_factory.mktemp("people")
    with zipfile.ZipFile(shared / "data/test/lfw.zip") as archive:
        of: dict[str, list[str]] = {}
        for name in sorted(archive.namelist()):
            of.setdefault(name.split("/")[0], []).append(name)
        for name in [n for n, pictures in of.items() if len(pictures) >= 12][:10]:
            for picture in of[name][:6]:
                archive.extract(picture, root)
    return root


def test_a_version_as_good_is_measured_and_described(
    shared: Path, people: Path, tmp_path: Path
) -> None:
    with np.load(MODELS / WEIGHTS_NAME) as weights:
        same = Shipped(
            (MODELS / FILE_NAME).read_bytes(),
            Provenance(
                "On pictures.",
                "A teacher",
                1234567,
                80,
                2,
                0.8,
                "float16",
                Parity(1.0, 0.9999, 2.0, 50.0),
            ),
            192,
            dict(weights),
        )
    run, models = Run(shared, tmp_path), tmp_path / "models"
    shutil.copytree(MODELS, models)

    best = run.publish("same", same, models, people)

    manifest = read_manifest(models)
    entry = manifest.encoders[ENCODER_ID]
    assert entry.curve.pairs == f"all pairs of {people.name}"
    assert best == (manifest.default_encoder == ENCODER_ID)
    assert (models / FILE_NAME).read_bytes() == same.content
    card = (models / CARD_NAME).read_text()
    assert "1,234,567 crops seen (each many times, varied), at 80 px in the end" in card
    before = card.index("## Templates of the version before")
    figures = re.search(r"\| 0.01 \| (\S+) \| (\S+) \| (\S+) \|", card[before:])
    assert figures is not None
    assert float(figures[1]) == pytest.approx(0.01, abs=0.001)
    assert figures[2] == figures[3]  # against itself
    assert load_encoder(ENCODER_ID, models).info.dimension == 192


def test_a_version_that_knows_nobody_enrolled_is_refused_and_nothing_is_written(
    shared: Path, people: Path, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    run = Run(shared, tmp_path)
    with pytest.raises(BadInput, match="views are 1, 2 or 4, not float16 and 3"):
        run.converted("untrained", TorchEfficientFaceNet(192), views=3)
    shipped = run.converted("untrained", TorchEfficientFaceNet(192))
    assert shipped.how.parity.least > 0.999
    assert shipped.weights["gdc/kernel"].dtype == np.float16
    assert shipped.weights["images"] == 0  # of this run, as its checkpoint counts
    models = tmp_path / "models"
    shutil.copytree(MODELS, models)

    with pytest.raises(BadInput, match=r"right people instead of .* nothing was written\. Give E"):
        run.publish("untrained", shipped, models, people)

    for name in (FILE_NAME, CARD_NAME, WEIGHTS_NAME, "manifest.json"):
        assert (models / name).read_bytes() == (MODELS / name).read_bytes(), name


def test_only_rates_with_pairs_enough_are_judged_and_the_highest_in_any_case() -> None:
    rates = [CrossRate(far, far, 0.9, 0.9, round(far * 1e6)) for far in (1e-2, 1e-3, 1e-4)]
    assert judged(rates) == rates[:2]  # 100 pairs stand behind the last
    few = [CrossRate(far, far, 0.9, 0.9, round(far * 1e4)) for far in (1e-2, 1e-3)]
    assert judged(few) == few[:1]
