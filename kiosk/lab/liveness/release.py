"""From trained weights to models/liveness.tflite, with proof that it is the same, and its card."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.domain.liveness.passive import SHIPPED, Limits
from kiosk.lab.liveness.heads import Head, read_head
from kiosk.lab.liveness.judge import OURS, WHOLE, Subject, report, unseen_titles
from kiosk.lab.liveness.network import SHAPE, keras_network
from kiosk.lab.liveness.plain import Plain
from kiosk.lab.liveness.sources import WINDOW
from kiosk.lab.pages import page
from kiosk.lab.release.export import to_tflite, write_whole
from kiosk.vision.liveness.limits import write_limits
from kiosk.vision.liveness.network import FILE_NAME, LivenessNetwork
from kiosk.vision.manifest import describe_file, write_file_entry

CARD = "liveness.md"
LICENCE = "Research data: not for commercial use without retraining"
SHIFT = 2.0
"""Of the logarithm of odds: by so much the light of a new place may move all scores. Whoever is
called an attack is refused, not asked, and so never learned from."""
MOST_OFF = 0.05  # of a logit, between the file and Keras
PARITY_FRAMES = 100

Arrays = Mapping[str, NDArray[Any]]


def headed(weights: Arrays, head: Head) -> dict[str, NDArray[Any]]:
    """The network's weights with a head for its answer."""
    answer = {"odds/kernel": head.weights[:, None], "odds/bias": np.array([head.bias], np.float32)}
    return {**weights, **answer}


def convert(weights: Arrays) -> bytes:
    """The float16 file of the weights."""
    return to_tflite(keras_network(weights), "float16", np.zeros((1, *SHAPE), np.uint8))


def off(weights: Arrays, content: bytes, images: NDArray[np.uint8]) -> tuple[float, float]:
    """By how much, at most, the file's answers differ from the trained network's on views
    (n, *SHAPE), and its milliseconds a frame with one thread.

    Raises EnvironmentFailed where it is MOST_OFF or more.
    """
    ours = LivenessNetwork(content)
    right = keras_network(weights).predict(images.astype(np.float32), verbose=0)
    answers, taken = [], []
    for image in images:
        begin = time.perf_counter()
        answers.append([ours.of_view(image)])
        taken.append(time.perf_counter() - begin)
    worst = float(np.abs(np.array(answers) - right).max())
    if worst >= MOST_OFF:
        raise EnvironmentFailed(
            f"The exported file should answer as the trained network does, but an answer is "
            f"{worst:.3f} off ({MOST_OFF} is the limit); nothing was written."
        )
    return worst, 1000 * float(np.median(taken))


def limits_of(subjects: Sequence[Subject], version: str) -> Limits:
    """What scores are like at doors that the network has never seen: of the live presentations of
    the sources left out, each source alike, as whole frames.  Raises BadInput where none was."""
    left_out = [one.found(OURS, WHOLE) for one in subjects if one.title in unseen_titles()]
    if not left_out:
        raise BadInput(
            "No source was left out of a round, so nobody knows what scores are like at a new "
            "door; run `train-liveness`."
        )
    live = [found.scores[found.live] for found in left_out]
    middle, low = (float(np.mean([np.quantile(one, at) for one in live])) for at in (0.5, 0.1))
    attack = float(np.min([np.quantile(one, 0.005) for one in live])) - SHIFT
    return replace(SHIPPED, version=version, middle=middle, low=low, attack=min(attack, low - 1))


def export(
    weights: Arrays,
    learned: Arrays,
    plain: Plain,
    subjects: Sequence[Subject],
    models: Path,
    *,
    without: str = "",
    steps: int = 0,
) -> str:
    """Write the file, its manifest entry and its card; a line that says so.  `learned`: the heads;
    `without`, `steps`: what the network was not shown, and how long it was trained.

    Raises BadInput for other weights, EnvironmentFailed where the file answers differently.
    """
    final = headed(weights, read_head(learned, "final"))
    content = convert(final)
    rows = np.linspace(0, len(plain) - 1, min(PARITY_FRAMES, len(plain))).astype(np.int64)
    worst, ms = off(final, content, plain.views["whole"][rows])
    write_whole(models / FILE_NAME, content)
    card = page(
        __file__, "card.md", licence=LICENCE, frames=len(plain), people=len(set(plain.people)),
        side=SHAPE[0], without=without, steps=steps,
        parameters=sum(value.size for value in final.values()), file_name=FILE_NAME,
        size=len(content), parity=worst, ms=ms, window=WINDOW, report=report(subjects),
    )  # fmt: skip
    (models / CARD).write_text(card, encoding="utf-8")
    source = "trained by kiosk.lab"
    entry = describe_file(models / FILE_NAME, licence=LICENCE, notice=CARD, source=source)
    write_file_entry(models, entry)
    write_limits(models, limits_of(subjects, entry.sha256[:8]))
    return f"{models / FILE_NAME}: {len(content):,} bytes, {worst:.4f} off at most, {ms:.1f} ms."
