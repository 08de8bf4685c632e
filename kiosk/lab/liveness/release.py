"""From trained weights to models/liveness.tflite, with proof that it is the same, and its card."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.liveness.judge import Subject, report
from kiosk.lab.liveness.network import keras_network, logits, unpacked
from kiosk.lab.liveness.pack import WEB, Pack
from kiosk.lab.liveness.sources import WINDOW
from kiosk.lab.pages import page
from kiosk.lab.release.export import to_tflite, write_whole
from kiosk.vision.canvas import CANVAS
from kiosk.vision.liveness import FILE_NAME, LivenessNetwork
from kiosk.vision.manifest import describe_file, write_file_entry

CARD = "liveness.md"
LICENCE = "Research data: not for commercial use without retraining"
MOST_OFF = 0.05  # of a logit, between the file and the trained network
PARITY_FRAMES = 100
TIMED = 50

Arrays = Mapping[str, NDArray[Any]]


def of_round(weights: Arrays, name: str) -> dict[str, NDArray[Any]]:
    """One round's weights out of what Trainer.weights wrote.  Raises BadInput where it is not
    there."""
    found = {
        key.split(":", 1)[1]: value for key, value in weights.items() if key.startswith(f"{name}:")
    }
    if not found:
        raise BadInput(
            f"The weights of the round {name} are missing; give the file that `train-liveness` "
            "wrote."
        )
    return found


def convert(weights: Arrays) -> bytes:
    """The float16 file of one round's weights."""
    blank = np.zeros((1, CANVAS, CANVAS, 3), np.uint8)
    return to_tflite(keras_network(weights), "float16", blank)


def off(weights: Arrays, content: bytes, images: NDArray[np.uint8]) -> tuple[float, float]:
    """By how much, at most, the file's answers differ from the trained network's on canvases
    (n, CANVAS, CANVAS, 3), and its milliseconds a frame with one thread.

    Raises EnvironmentFailed where it is MOST_OFF or more.
    """
    ours, theirs = LivenessNetwork(content), unpacked(weights)
    worst, taken = 0.0, []
    for image in images:
        begin = time.perf_counter()
        near_far = ours.logits(image)
        taken.append(time.perf_counter() - begin)
        with torch.no_grad():
            near, far, _ = theirs(torch.from_numpy(image).permute(2, 0, 1)[None].float())
            right = logits(near, far)[0].numpy()
        worst = max(worst, float(np.abs(np.array(near_far) - right).max()))
    if worst >= MOST_OFF:
        raise EnvironmentFailed(
            f"The exported file should answer as the trained network does, but an answer is "
            f"{worst:.3f} off ({MOST_OFF} is the limit); nothing was written."
        )
    return worst, 1000 * float(np.median(taken))


def export(weights: Arrays, pack: Pack, subjects: Sequence[Subject], models: Path) -> str:
    """Write the file, its manifest entry and its card; a line that says so.

    Raises BadInput for other weights, EnvironmentFailed where the file answers differently.
    """
    final = of_round(weights, "final")
    content = convert(final)
    rows = np.linspace(0, len(pack) - 1, min(PARITY_FRAMES, len(pack))).astype(np.int64)
    worst, ms = off(final, content, pack.images(rows))
    write_whole(models / FILE_NAME, content)
    real = pack.sources != WEB
    card = page(
        __file__, "card.md", licence=LICENCE, frames=int(real.sum()),
        people=len(set(pack.people[real])), web=int((~real).sum()), canvas=CANVAS,
        parameters=sum(value.size for value in final.values()), file_name=FILE_NAME,
        size=len(content), parity=worst, ms=ms, window=WINDOW, report=report(subjects),
    )  # fmt: skip
    (models / CARD).write_text(card, encoding="utf-8")
    source = "trained by kiosk.lab"
    entry = describe_file(models / FILE_NAME, licence=LICENCE, notice=CARD, source=source)
    write_file_entry(models, entry)
    return f"{models / FILE_NAME}: {len(content):,} bytes, {worst:.4f} off at most, {ms:.1f} ms."
