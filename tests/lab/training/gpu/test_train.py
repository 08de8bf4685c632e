"""The loop, on the CPU: what it asks, that it learns, what it says and leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from kiosk.domain.errors import EnvironmentFailed  # noqa: E402
from kiosk.lab.data.crops import split_by_identity  # noqa: E402
from kiosk.lab.networks.layout import scaled  # noqa: E402
from kiosk.lab.networks.torch_twin import (  # noqa: E402
    TorchEfficientFaceNet,
    Trained,
    packed,
    read_weights,
)
from kiosk.lab.release.export import write_arrays  # noqa: E402
from kiosk.lab.training.config import TrainConfig  # noqa: E402
from kiosk.lab.training.gpu.kernels import GpuKernels  # noqa: E402
from kiosk.lab.training.gpu.teacher import OnnxNetwork  # noqa: E402
from kiosk.lab.training.gpu.train import GpuTrainer, run  # noqa: E402
from tests.lab.conftest import made_up_crops  # noqa: E402
from tests.lab.training.gpu.test_teacher import network  # noqa: E402

CONFIG = TrainConfig(
    name="toy", sources=("toy",), held_out=4, dimension=6, batch=8, warmup=2, size=32
)
BLOCKS = scaled(1 / 4)


@pytest.fixture
def trainer(tmp_path: Path) -> Callable[..., GpuTrainer]:
    def build(**changes: Any) -> GpuTrainer:
        config, crops = replace(CONFIG, **changes), made_up_crops()
        torch.manual_seed(0)
        return GpuTrainer(
            config,
            crops,
            split_by_identity(crops, config.held_out, config.seed),
            OnnxNetwork(network(tmp_path / "teacher.onnx")),
            TorchEfficientFaceNet(6, GpuKernels(torch.float32), BLOCKS),
            torch.device("cpu"),
        )

    return build


def test_the_answer_is_that_of_a_face_and_its_mirror_image(
    trainer: Callable[..., GpuTrainer],
) -> None:
    built = trainer()
    clear = built.faces.batch(4).clear
    both = built.answers(clear)
    torch.testing.assert_close(both, built.answers(clear.flip(3)))
    torch.testing.assert_close(both.norm(dim=1), torch.ones(4))
    mean = built.teacher(clear) + built.teacher(clear.flip(3))
    torch.testing.assert_close(both, mean / mean.norm(dim=1, keepdim=True))


def test_it_learns_and_the_same_seed_learns_the_same(trainer: Callable[..., GpuTrainer]) -> None:
    losses = []
    for built in (trainer(), trainer()):
        losses.append([float(built.train_step(0.3)) for _ in range(30)])
        assert (built.step, built.images) == (30, 240)
    assert losses[0] == losses[1]
    assert np.mean(losses[0][-3:]) < 0.6 * np.mean(losses[0][:3])


def test_a_new_last_layer_begins_near_the_teachers_answers(
    trainer: Callable[..., GpuTrainer],
) -> None:
    built = trainer()
    before = float(built.train_step(0.0))
    built.begin_answers(batches=16)
    assert float(built.train_step(0.0)) < 0.8 * before


def test_weights_of_another_teacher_keep_all_but_the_last_layer(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    before = TorchEfficientFaceNet(6, blocks=BLOCKS)
    write_arrays(path, packed(before, Trained(100, 32)))
    after = TorchEfficientFaceNet(9, blocks=BLOCKS)
    assert read_weights(after, path) == Trained(100, 32, whole=False)
    torch.testing.assert_close(after.stem.weight, before.stem.weight, atol=1e-3, rtol=1e-2)
    assert after.embedding.weight.shape[0] == 9


def test_relations_are_asked_beside_the_distance(trainer: Callable[..., GpuTrainer]) -> None:
    alone, beside = (float(trainer(relations=w).train_step(0.0)) for w in (0.0, 10.0))
    assert beside > alone + 0.01


def test_a_run_reports_saves_and_ends_at_rate_nothing(
    trainer: Callable[..., GpuTrainer], tmp_path: Path
) -> None:
    built, lines = trainer(), []
    built.images = 1000  # as of weights that were trained before
    path = tmp_path / "weights.npz"

    def save() -> None:
        write_arrays(path, packed(built.model, Trained(built.images, built.config.size)))

    run(built, 0.5, 0.3, save, lines.append, report_seconds=0.1, look_every=1)
    assert len(lines) > 1
    assert lines[-1]["rate"] == 0
    assert lines[-1]["images"] == 1000 + 8 * lines[-1]["step"]
    assert lines[-1]["size"] == 32
    assert -1 <= lines[-1]["cosine"] <= 1
    again = TorchEfficientFaceNet(6, blocks=BLOCKS)
    assert read_weights(again, path) == Trained(built.images, 32)
    x = 255 * torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        ours, theirs = again.eval()(x), built.model.eval()(x)
    assert float((ours * theirs).sum(1).min()) > 0.999


def test_a_loss_that_is_no_number_keeps_what_was_saved(
    trainer: Callable[..., GpuTrainer],
) -> None:
    built, saved = trainer(), []
    with torch.no_grad():
        built.model.embedding.weight.fill_(float("nan"))
    with pytest.raises(EnvironmentFailed, match=r"loss of step \d+ is nan; .* lower --rate"):
        run(built, 5, 0.3, lambda: saved.append(1), lambda line: None, look_every=1)
    assert not saved
