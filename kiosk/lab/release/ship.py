"""A run's checkpoint becomes the file that ships: choose weights, convert, prove, measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import check_same_held_out, load_crops, standard
from kiosk.lab.data.training_set import training_set
from kiosk.lab.evaluation.encoders import DLIB, embed, open_encoder
from kiosk.lab.evaluation.evaluate import Evaluation
from kiosk.lab.evaluation.measure import Subject, measure, open_subject
from kiosk.lab.evaluation.metrics import CrossRate, Floats, cross_rates
from kiosk.lab.networks.efficientfacenet import VIEWS, as_shipped
from kiosk.lab.networks.torch_twin import (
    TorchEfficientFaceNet,
    Trained,
    packed,
    read_weights,
    to_keras,
)
from kiosk.lab.release.export import (
    PARITY_CROPS,
    Precision,
    check_parity,
    check_tar,
    keras_model,
    to_tflite,
    write_arrays,
)
from kiosk.lab.release.publish import (
    ENCODER_ID,
    TEACHERS,
    WEIGHTS_NAME,
    Provenance,
    our_entry,
    publish_ours,
    trained_on,
)
from kiosk.lab.training import checkpoint
from kiosk.lab.training.config import TrainConfig
from kiosk.lab.training.distil import Trainer
from kiosk.lab.training.join import described
from kiosk.lab.training.teacher import EmbeddingCache, FileTeacher
from kiosk.vision.manifest import read_manifest

MAX_CROSS_FAR = 2.0  # times the FAR that is stated
MAX_LOST_TAR = 0.01
ENOUGH_PAIRS = 500  # behind a FAR: of fewer (FAR 1e-6 on LFW has 87) chance decides
REFRESH = 4096  # crops for the averaged weights' batch norm statistics


@dataclass(frozen=True, slots=True, eq=False)
class Shipped:
    """A converted encoder, and the weights it was made of under Keras's names (float16), from
    which training goes on where its run is lost: with them "images", how many were seen."""

    content: bytes
    how: Provenance
    dimension: int
    weights: dict[str, NDArray[Any]]


def convert(
    run: Path,
    config: TrainConfig,
    views: int,
    precision: str,
    data: Path,
    teacher: Path,
    runs: Path,
    size: int | None = None,
    refresh: int = REFRESH,
    unseen: Path | None = None,
) -> Shipped:
    """The best of a run's weights, by cosine on people held out, as TFLite: the last, the last with
    fresh statistics of batch norm, the averaged (which a run on a graphics processor has not).

    size: pixels the file shrinks a crop to; None for what the run was last trained at.
    refresh: crops behind the fresh statistics.
    unseen: a zip of crops of people whom no part of the run has seen, to judge by in place of those
        held out: where it was continued with others held out.
    """
    if precision not in ("float32", "float16", "int8") or views not in VIEWS:
        raise BadInput(
            "An export's precision is float32, float16 or int8 and its views are 1, 2 or 4, not "
            f"{precision} and {views}."
        )
    kind: Precision = precision  # type: ignore[assignment]
    network = FileTeacher(teacher, 1)
    config = replace(config, dimension=network.dimension)
    state = None
    if not (run / WEIGHTS_NAME).exists():
        # What was asked for beside the distance to the teacher is no part of the network.
        state = checkpoint.load(run / "state.pt", config, free=("relations", "margin"))
        config = replace(config, margin=state["config"].get("margin", 0.0))
    else:
        config = replace(config, blends=0)  # a graphics processor makes its own
    crops, split = training_set(config, data, runs / "cache")
    if unseen is None:
        check_same_held_out(crops, split, run / "held_out.txt")
        judges, judging = crops, split.held_out
    else:
        judges = load_crops(unseen.parent, runs / "cache", (unseen.stem,))
        judging = np.arange(len(judges))
    cache = EmbeddingCache(crops, network, runs / "cache")
    trainer = Trainer(
        config, crops, split, cache.values, TorchEfficientFaceNet(config.dimension), cache.ready
    )
    if state is None:
        trained = read_weights(trainer.model, run / WEIGHTS_NAME)
        trainer.images, trainer.size = trained.images, trained.size or trainer.size
    else:
        trainer.restore(state, same_branch=True)
    size = size or trainer.size
    # Fresh statistics of batch norm are better at another size than the last, else not always.
    students = [deepcopy(trainer.model), trainer.refreshed(trainer.model, size, refresh)]
    if state is not None:
        students.append(trainer.averaged(size, refresh))
    targets = EmbeddingCache(judges, network, runs / "cache")
    targets.fill(judges, network, judging)
    answers = targets.values[judging]
    cosine, student = max(
        (
            (float((trainer.embed(model, judges, judging, size) * answers).sum(1).mean()), model)
            for model in students
        ),
        key=lambda pair: pair[0],
    )
    count = min(PARITY_CROPS, len(split.train))
    rows = np.random.default_rng(0).choice(split.train, count, replace=False)
    examples = standard(crops.images[np.sort(rows)])
    model = as_shipped(keras_model(to_keras(student), size, config.dimension), views)
    content = to_tflite(model, kind, examples)
    parity = check_parity(model, content, examples)
    known = judging[judges.labelled[judging]]
    tar = check_tar(
        model, content, standard(judges.images[known]), [judges.identities[row] for row in known]
    )
    how = Provenance(
        trained_on(
            config.sources, len(trainer.real), len(split.train) - len(trainer.real),
            trainer.people, anew=state is None,
        ),
        TEACHERS.get(network.key)
        or described(teacher)
        or f"{teacher.name}, {network.dimension} numbers",
        trainer.images, size, views, cosine, precision, parity, tar,
    )  # fmt: skip
    return Shipped(content, how, config.dimension, packed(student, Trained(trainer.images, size)))


def ship(
    shipped: Shipped,
    path: Path,
    models: Path,
    root: Path,
    teacher: Path,
    cache_dir: Path,
    resamples: int,
    say: Callable[[str], None],
) -> bool:
    """Measure the file as the kiosk runs it and publish it; returns whether it is the default.

    Raises BadInput, before anything is written, where templates of the version before would let
    strangers in or keep their people out: see `_beside_the_version_before`.
    """
    subject = open_subject(root, None, models, cache_dir, say=say)
    (result,) = measure(
        [str(path)], subject, models, teacher, cache_dir, resamples=resamples, say=say
    )
    before = _beside_the_version_before(path, result, subject, models, teacher, cache_dir)
    entry = our_entry(shipped.dimension, shipped.how, DLIB)
    best = publish_ours(
        models, shipped.content, entry, replace(result, encoder=entry.encoder_id), shipped.how,
        before,
    )  # fmt: skip
    write_arrays(models / WEIGHTS_NAME, shipped.weights)
    return best


def judged(rates: Sequence[CrossRate]) -> list[CrossRate]:
    """Those of the `rates`, the highest FAR first, with pairs enough behind them, or the first."""
    return [r for r in rates if r.pairs >= ENOUGH_PAIRS] or list(rates[:1])


def _beside_the_version_before(
    path: Path, result: Evaluation, subject: Subject, models: Path, teacher: Path, cache_dir: Path
) -> list[CrossRate]:
    """What the new thresholds do to templates that a site enrolled with the version before.

    Both learned one teacher's answers, so their vectors are of one space and templates stay; that
    is measured here, not believed.
    """
    before = read_manifest(models).encoders.get(ENCODER_ID)
    if before is None:
        return []

    def vectors(name: str) -> Floats:
        candidate = open_encoder(name, models, teacher)
        return embed(candidate, subject.pictures, subject.faces, cache_dir)

    templates, probes = vectors(ENCODER_ID), vectors(str(path))
    other = (
        "Give ENCODER_ID in kiosk/lab/release/publish.py another value, so that people enrol again."
    )
    if templates.shape != probes.shape:
        raise BadInput(
            f"The version before answers with {templates.shape[1]} numbers and this one with "
            f"{probes.shape[1]}; nothing was written. {other}"
        )
    rates = cross_rates(templates, probes, subject.pictures.identities, result.sets[0].points)
    for r in judged(rates):
        if r.cross_far > MAX_CROSS_FAR * r.far or r.cross_tar < r.tar_before - MAX_LOST_TAR:
            raise BadInput(
                f"With templates of the version before, {r.cross_far:.2g} of strangers would be "
                f"accepted where {r.far:g} is stated, and {r.cross_tar:.3f} of the right people "
                f"instead of {r.tar_before:.3f}; nothing was written. {other}"
            )
    return rates
