"""A run stops and goes on as if it had not stopped; what would spoil it is refused."""

from __future__ import annotations

import json
import os
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput, EnvironmentFailed  # noqa: E402
from kiosk.lab.data.crops import CropSet, split_by_identity, standard  # noqa: E402
from kiosk.lab.networks.layout import scaled  # noqa: E402
from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet  # noqa: E402
from kiosk.lab.training import checkpoint  # noqa: E402
from kiosk.lab.training.config import TrainConfig  # noqa: E402
from kiosk.lab.training.distil import Trainer  # noqa: E402
from kiosk.lab.training.run import Decay, run  # noqa: E402
from tests.lab.conftest import FakeTeacher, made_up_crops  # noqa: E402

CONFIG = TrainConfig(name="toy", sources=("toy",), held_out=4, dimension=48, batch=8, warmup=2)
SIZE = 32


def trainer(
    crops: CropSet, targets: np.ndarray | None = None, config: TrainConfig = CONFIG
) -> Trainer:
    if targets is None:
        targets = FakeTeacher().embed(standard(crops.images))
    torch.manual_seed(0)
    return Trainer(
        config,
        crops,
        split_by_identity(crops, config.held_out, config.seed),
        targets,
        TorchEfficientFaceNet(config.dimension, blocks=scaled(1 / 4)),
        lambda: np.ones(len(crops), np.bool_),
    )


def test_resumed_is_as_uninterrupted(tmp_path: Path) -> None:
    crops = made_up_crops()
    whole = trainer(crops)
    run(whole, tmp_path / "whole", SIZE, steps=5)
    part = trainer(crops)
    run(part, tmp_path / "part", SIZE, steps=2)
    again = trainer(crops)
    again.restore(checkpoint.load(tmp_path / "part/state.pt", CONFIG), same_branch=True)
    run(again, tmp_path / "part", SIZE, steps=3)
    assert (again.step, again.images, again.epoch, again.position) == (
        whole.step, whole.images, whole.epoch, whole.position
    )  # fmt: skip
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, again.model.state_dict()[name]), name
    for name, value in whole.average.module.named_parameters():
        assert torch.equal(value, again.average.module.get_parameter(name)), name
    lines = [json.loads(line) for line in (tmp_path / "part/log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 5]


def test_relations_and_a_margin_may_be_asked_for(tmp_path: Path) -> None:
    crops, config = made_up_crops(people=30), replace(CONFIG, held_out=60)
    plain = trainer(crops, config=config)
    run(plain, tmp_path / "plain", SIZE, steps=1)
    for changed in ({"relations": 5.0}, {"margin": 0.1}):
        asked = trainer(crops, config=replace(config, **changed))
        run(asked, tmp_path / "asked", SIZE, steps=1)
        weight = asked.model.embedding.weight
        assert not torch.equal(weight, plain.model.embedding.weight), changed
        line = json.loads((tmp_path / "asked/log.jsonl").read_text().splitlines()[-1])
        assert 0 <= line["tar_average"] <= 1  # 60 crops of 15 people: pairs enough
        assert asked.people == (15 if "margin" in changed else 0)


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    stopped = trainer(made_up_crops(4))
    run(stopped, tmp_path, SIZE, steps=1)
    before = (tmp_path / "log.jsonl").read_text()
    run(stopped, tmp_path, SIZE, steps=0)
    assert (tmp_path / "log.jsonl").read_text() == before


def test_a_run_is_described_and_its_curves_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from kiosk.lab.training.journal import Journal

    ours = trainer(made_up_crops(4))
    with closing(Journal(tmp_path, CONFIG, ours.images)) as journal:
        run(ours, tmp_path, SIZE, steps=2, tick=journal.step, report=journal.line)
    described = json.loads((tmp_path / "config.json").read_text())
    assert described["config"]["seed"] == CONFIG.seed
    assert described["versions"]["torch"] == torch.__version__
    (events,) = (tmp_path / "tensorboard").iterdir()
    assert b"cosine_average" in events.read_bytes()


def test_a_branch_decays_to_nothing_and_ends(tmp_path: Path) -> None:
    branch = trainer(made_up_crops(4))
    run(branch, tmp_path, SIZE, Decay(steps=2))
    assert branch.step == 2
    assert Decay(seconds=100).factor(7, 25) == 0.75
    assert Decay(seconds=100).factor(7, 250) == 0
    assert Decay(steps=4, peak=0.5).factor(1, 0) == 0.375


def test_a_checkpoint_of_another_configuration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.pt"
    checkpoint.save(path, trainer(made_up_crops(4)).state())
    checkpoint.load(path, replace(CONFIG, size=64, blends=9))  # these may change on the way
    with pytest.raises(BadInput, match=r"batch is 8 there, 16 here"):
        checkpoint.load(path, replace(CONFIG, batch=16))
    with pytest.raises(BadInput, match=r"margin is 0\.0 there, 0\.5 here"):
        checkpoint.load(path, replace(CONFIG, margin=0.5))
    checkpoint.load(path, replace(CONFIG, margin=0.5), free=("margin",))  # where a branch leaves
    older = trainer(made_up_crops(4)).state()
    del older["config"]["margin"]  # of before it could be asked for
    older["config"]["blends"] = 5
    checkpoint.save(path, older)
    checkpoint.load(path, CONFIG)
    with pytest.raises(BadInput, match="no checkpoint"):
        checkpoint.load(tmp_path / "none.pt", CONFIG)
    path.write_bytes(b"half a file")
    with pytest.raises(BadInput, match="can't be read"):
        checkpoint.load(path, CONFIG)


def test_nan_stops_and_keeps_the_last_good_checkpoint(tmp_path: Path) -> None:
    crops = made_up_crops(4)
    targets = FakeTeacher().embed(standard(crops.images))
    good = trainer(crops, targets)
    run(good, tmp_path, SIZE, steps=1)
    before = (tmp_path / "state.pt").read_bytes()
    targets[:] = np.nan
    with pytest.raises(EnvironmentFailed, match="last good checkpoint is kept"):
        run(good, tmp_path, SIZE, steps=1)
    assert (tmp_path / "state.pt").read_bytes() == before


def test_a_teacher_of_another_dimension_is_refused() -> None:
    crops = made_up_crops(4)
    with pytest.raises(BadInput, match="should be 16 x 48, but are 16 x 12"):
        trainer(crops, np.zeros((len(crops), 12), np.float32))


def test_no_room_keeps_the_checkpoint_before(tmp_path: Path) -> None:
    path = tmp_path / "state.pt"
    checkpoint.save(path, trainer(made_up_crops(4)).state())
    before = path.read_bytes()
    (tmp_path / "state.partial").mkdir()  # nothing can be written there
    with pytest.raises(EnvironmentFailed, match="free some disk"):
        checkpoint.save(path, {})
    assert path.read_bytes() == before


def test_ctrl_c_ends_with_a_checkpoint(tmp_path: Path) -> None:
    def press(loss: float) -> None:
        if stopped.step == 2:
            os.kill(os.getpid(), signal.SIGINT)

    stopped = trainer(made_up_crops(4))
    run(stopped, tmp_path, SIZE, steps=9, tick=press)
    assert checkpoint.load(tmp_path / "state.pt", CONFIG)["counters"]["step"] == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
