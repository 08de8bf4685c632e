"""Every row of the report trains, stops, goes on, and refuses what would spoil it."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.data.crops import CropSet, Split, split_by_identity, standard
from kiosk.lab.experiments import ALL, experiment, tiny_of
from kiosk.lab.experiments.config import Experiment
from kiosk.lab.training.fit import MODEL, Effort, Fitted, fit
from tests.lab.conftest import FakeTeacher

DIMENSION = FakeTeacher.dimension
SMALL = Experiment(
    "small", "A small net", "none", trunk="conv2", size=64, dimension=DIMENSION, batch=8, people=4,
    pretrained=False,
)  # fmt: skip


@pytest.fixture
def split(crops: CropSet) -> Split:
    return split_by_identity(crops, 4, 0)


def train(
    row: Experiment, crops: CropSet, split: Split, runs: Path, **how: object
) -> tuple[Fitted, list[str]]:
    said: list[str] = []
    targets = FakeTeacher().embed(standard(crops.images))
    fitted = fit(
        row, crops, split, targets, np.ones(len(crops), np.bool_), runs,
        how.pop("effort", Effort(5, steps=2)), say=said.append, **how,  # type: ignore[arg-type]
    )  # fmt: skip
    return fitted, said


@pytest.mark.parametrize("name", list(ALL))
def test_every_row_runs(name: str, crops: CropSet, split: Split, tmp_path: Path) -> None:
    row = replace(tiny_of(experiment(name)), dimension=DIMENSION, pretrained=False, start=None)
    row = replace(row, scale=1 / 8)

    train(row, crops, split, tmp_path, effort=Effort(5, steps=1))

    folder = tmp_path / row.name
    assert (folder / MODEL).stat().st_size > 1000
    written = json.loads((folder / "config.json").read_text())
    assert written["config"]["trunk"] == row.trunk
    assert written["versions"]["keras"]
    assert len((folder / "curves.csv").read_text().splitlines()) == 2
    assert list((folder / "tensorboard").rglob("events*"))


def test_a_row_goes_on_where_it_stopped(crops: CropSet, split: Split, tmp_path: Path) -> None:
    train(SMALL, crops, split, tmp_path)
    train(SMALL, crops, split, tmp_path, resume=True)

    lines = (tmp_path / "small/curves.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", "0", "1"]


def test_the_third_starts_from_the_second(crops: CropSet, split: Split, tmp_path: Path) -> None:
    second = replace(SMALL, name="second", objective="cosine")
    third = replace(SMALL, name="third", start="second")
    with pytest.raises(BadInput, match="train second"):
        train(third, crops, split, tmp_path)

    assert train(second, crops, split, tmp_path)[0] == Fitted(16, "scratch")
    assert train(third, crops, split, tmp_path)[0] == Fitted(16, "second")

    assert (tmp_path / "third" / MODEL).exists()


def test_another_configuration_is_refused(crops: CropSet, split: Split, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no run in"):
        train(SMALL, crops, split, tmp_path, resume=True)
    train(SMALL, crops, split, tmp_path)

    with pytest.raises(BadInput, match=r"rate is 0\.001 there"):
        train(replace(SMALL, rate=0.1), crops, split, tmp_path, resume=True)


def test_a_loss_that_is_no_number_stops(crops: CropSet, split: Split, tmp_path: Path) -> None:
    row = replace(SMALL, objective="cosine")
    train(row, crops, split, tmp_path)

    def kept() -> dict[str, bytes]:
        paths = [tmp_path / "small" / MODEL, *(tmp_path / "small/checkpoint").iterdir()]
        return {path.name: path.read_bytes() for path in paths}

    before = kept()
    targets = np.full((len(crops), DIMENSION), np.nan, np.float32)
    with pytest.raises(EnvironmentFailed, match="last good"):
        fit(
            row, crops, split, targets, np.ones(len(crops), np.bool_), tmp_path,
            Effort(1, steps=2), resume=True,
        )  # fmt: skip

    assert kept() == before
    train(row, crops, split, tmp_path, resume=True)


class Pressing:
    """Pictures that press Ctrl-C when they are read for the third time."""

    def __init__(self, images: np.ndarray) -> None:
        self._images, self._reads = images, 0

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        self._reads += 1
        if self._reads == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return self._images[rows]


def test_ctrl_c_ends_a_row_which_says_so(crops: CropSet, split: Split, tmp_path: Path) -> None:
    pressing = replace(crops, images=Pressing(crops.images))  # type: ignore[arg-type]
    targets = FakeTeacher().embed(standard(crops.images))
    ready = np.ones(len(crops), np.bool_)
    fitted = fit(SMALL, pressing, split, targets, ready, tmp_path, Effort(5, steps=40))
    assert fitted.interrupted
    assert fitted.images < 40 * SMALL.batch
    assert (tmp_path / "small" / MODEL).exists()


def test_no_weights_to_start_from_is_said(crops: CropSet, split: Split, tmp_path: Path) -> None:
    row = replace(
        tiny_of(experiment("efficientfacenet-2")), dimension=DIMENSION, size=32, start=None,
        scale=1 / 8,
    )  # fmt: skip
    fitted, (said,) = train(row, crops, split, tmp_path, backbone=tmp_path / "none.npz")
    assert "from scratch" in said
    assert fitted.start == "scratch"
    np.savez(tmp_path / "other.npz", weight=np.ones(3))
    with pytest.raises(BadInput, match="EfficientNet-B0's weights under Keras's names"):
        train(row, crops, split, tmp_path, backbone=tmp_path / "other.npz")


def test_there_are_no_triplets_of_one_picture_each(crops: CropSet, tmp_path: Path) -> None:
    alone = replace(crops, identities=tuple(crops.names))
    split = split_by_identity(alone, 4, 0)
    with pytest.raises(BadInput, match="two crops each"):
        train(SMALL, alone, split, tmp_path)


def test_an_unknown_row_names_those_there_are() -> None:
    with pytest.raises(BadInput, match="mobilenet-64"):
        experiment("mobilenet-65")
