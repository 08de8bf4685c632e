"""Trains a row of the report with Keras's own loop: a run folder, TensorBoard, resumable."""

from __future__ import annotations

import gc
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import MISSING, asdict, dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.data.augment import Augmentation
from kiosk.lab.data.batches import distillation_batches, pair_batches, triplet_batches
from kiosk.lab.data.crops import CropSet, Split
from kiosk.lab.experiments.config import Experiment
from kiosk.lab.networks.efficientfacenet import assign
from kiosk.lab.networks.layout import check_backbone
from kiosk.lab.networks.report import build, pair_head
from kiosk.lab.training.loop import Stop, check_loss
from kiosk.lab.training.losses import cosine_distillation, euclidean_distillation, triplet_loss
from kiosk.lab.training.mining import hard, random_triplets, semi_hard

MODEL = "model.keras"
TRACED = 10  # steps from which it pays to trace the network into a graph
EPOCH = 50  # steps; a checkpoint and a line of the curves each


@dataclass(frozen=True, slots=True)
class Effort:
    """How long: minutes of training, or that many steps if that is sooner."""

    minutes: float
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """images: how many it saw (of a head: pairs); start: ImageNet, the experiment whose weights it
    began with, or scratch; interrupted: somebody stopped it before its time."""

    images: int
    start: str
    interrupted: bool = False


SCRATCH = "scratch"


class _Watch(keras.callbacks.Callback):
    """Ends the training when its time is up or somebody asks; shows loss and images a second."""

    def __init__(self, effort: Effort, batch: int, stop: Stop) -> None:
        super().__init__()
        self._effort, self._batch, self._stop = effort, batch, stop
        self._begin = time.monotonic()
        self.steps = 0
        self._bar = tqdm(unit="image", unit_scale=True)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        loss = check_loss(
            (logs or {}).get("loss", float("nan")), self.steps,
            "Lower the experiment's rate, or look for broken crops.",
        )  # fmt: skip
        self.steps += 1
        self._bar.update(self._batch)
        self._bar.set_postfix(loss=f"{loss:.4f}")
        late = time.monotonic() - self._begin >= 60 * self._effort.minutes
        enough = self._effort.steps is not None and self.steps >= self._effort.steps
        if self._stop.asked or late or enough:
            self.model.stop_training = True

    def close(self) -> None:
        self._bar.close()


def fit(
    row: Experiment,
    crops: CropSet,
    split: Split,
    targets: NDArray[np.float32],
    ready: NDArray[np.bool_],
    runs: Path,
    effort: Effort,
    *,
    resume: bool = False,
    backbone: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Fitted:
    """Train `row` into ``runs/NAME`` and save the network there as model.keras.

    targets, ready: the teacher's embeddings (n, d) and which of them are there.

    Raises:
        BadInput: the folder holds another configuration's run, there is nothing to resume, or the
            experiment that it starts from was not trained.
        EnvironmentFailed: the loss is no number any more, or nothing can be written.
    """
    gc.collect()  # a dataset of the row before must not outlive the session that it belongs to
    keras.utils.clear_session()
    keras.utils.set_random_seed(row.seed)
    folder = runs / row.name
    backup = folder / "checkpoint"
    try:
        _describe(row, folder, resume)
        if not resume:
            for old in backup.glob("*"):
                old.unlink()
        batches = _batches(row, crops, split, targets, ready)
        first = next(batches)  # what is wrong with the crops is said here, not inside TensorFlow
        (model, start), loss = _network(row, runs, backbone, say), _loss(row)
        few = effort.steps is not None and effort.steps < TRACED
        model.compile(
            keras.optimizers.Adam(row.rate), loss,
            jit_compile=False, auto_scale_loss=False, run_eagerly=few,
        )  # fmt: skip
        curves = keras.callbacks.CSVLogger(str(folder / "curves.csv"), append=resume)
        board = keras.callbacks.TensorBoard(str(folder / "tensorboard"), write_graph=False)
        backups = keras.callbacks.BackupAndRestore(
            str(backup), double_checkpoint=True, delete_checkpoint=False
        )
        with Stop() as stop, closing(_Watch(effort, len(first[1]), stop)) as watch:
            try:
                model.fit(
                    _dataset(row, chain([first], batches)),
                    epochs=1_000_000, steps_per_epoch=EPOCH, shuffle=False, verbose=0,
                    callbacks=[backups, curves, board, watch],
                )  # fmt: skip
            except Exception:
                curves.on_train_end()  # Keras leaves their files open
                board.on_train_end()
                raise
        model.save(folder / MODEL)
    except OSError as error:
        raise EnvironmentFailed(
            f"The run could not be written to {folder} ({error}); free some disk and go on with "
            "--resume: the checkpoint before is untouched."
        ) from error
    return Fitted(watch.steps * len(first[1]), start, stop.asked)


def _describe(row: Experiment, folder: Path, resume: bool) -> None:
    """config.json: what was run, with what.  A folder of another configuration is refused."""
    path = folder / "config.json"
    config = json.loads(json.dumps(asdict(row)))
    if resume and not path.exists():
        raise BadInput(f"There is no run in {folder} to resume; start without --resume.")
    if resume:
        # What an older run does not say yet has its default.
        known = {f.name: f.default for f in fields(row) if f.default is not MISSING}
        theirs = known | json.loads(path.read_text())["config"]
        different = sorted(k for k in config | theirs if config.get(k) != theirs.get(k))
        if different:
            raise BadInput(
                f"{folder} is a run of another configuration: "
                + ", ".join(f"{k} is {theirs.get(k)} there" for k in different)
                + "; start without --resume to train anew."
            )
    folder.mkdir(parents=True, exist_ok=True)
    versions = {"python": platform.python_version(), "keras": keras.__version__}
    versions |= {"backend": keras.backend.backend(), "tensorflow": tf.__version__}
    path.write_text(json.dumps({"config": config, "versions": versions}, indent=1) + "\n")


def _network(
    row: Experiment, runs: Path, backbone: Path | None, say: Callable[[str], None]
) -> tuple[keras.Model, str]:
    """The network, and what it starts from."""
    if row.trunk == "pair-head":
        return pair_head(row.dimension, row.features), SCRATCH
    if row.start is not None:
        before = runs / row.start / MODEL
        if not before.exists():
            raise BadInput(
                f"{row.name} starts from {row.start}, which was not trained here: run "
                f"`python -m kiosk.lab train {row.start}` first."
            )
        return keras.saving.load_model(before, compile=False), row.start
    ours = row.trunk == "efficientnet-b0"
    part = (row.size, row.dimension, row.pooling)
    try:
        model = build(row.trunk, *part, row.trainable_from, row.pretrained and not ours, row.scale)
    except Exception as error:  # Keras's download raises what urllib and h5py do, and its own
        if not row.pretrained or ours or isinstance(error, BadInput):
            raise
        say(f"ImageNet weights can't be had here ({error}): all of {row.name} from scratch.")
        return build(row.trunk, *part, None, False), SCRATCH
    if ours and row.pretrained and backbone is not None and backbone.exists():
        with np.load(backbone) as weights:
            check_backbone(assign(model, weights), backbone)
    elif ours and row.pretrained:
        say(f"No --backbone-weights: all of {row.name} is trained from scratch.")
        for layer in model.layers:
            layer.trainable = True
        return model, SCRATCH
    return model, "ImageNet" if row.pretrained else SCRATCH


def _loss(row: Experiment) -> Any:
    if row.objective == "pair":
        return "binary_crossentropy"
    if row.objective == "cosine":
        return cosine_distillation
    if row.objective == "euclidean":
        return euclidean_distillation
    miners = {"random": random_triplets(row.seed), "hard": hard, "semi-hard": semi_hard}
    return triplet_loss(miners[row.mining], row.margin)


def _batches(
    row: Experiment,
    crops: CropSet,
    split: Split,
    targets: NDArray[np.float32],
    ready: NDArray[np.bool_],
) -> Iterator[Any]:
    rows = split.train
    if row.objective == "pair":
        return pair_batches(crops, rows, targets, row.batch, row.seed)
    how = Augmentation()
    if row.objective == "triplet":
        return triplet_batches(crops, rows, row.size, row.batch, row.people, how, row.seed)
    return distillation_batches(
        crops, rows[ready[rows]], targets, row.size, row.batch, how, row.seed
    )


def _dataset(row: Experiment, batches: Iterator[Any]) -> tf.data.Dataset:
    vector = tf.TensorSpec((None, row.dimension), tf.float32)
    image = tf.TensorSpec((None, row.size, row.size, 3), tf.float32)
    kinds = {
        "pair": ((vector, vector), tf.TensorSpec((None, 1), tf.float32)),
        "triplet": (image, tf.TensorSpec((None,), tf.int32)),
    }
    signature = kinds.get(row.objective, (image, vector))
    return tf.data.Dataset.from_generator(lambda: batches, output_signature=signature).prefetch(2)
