"""From pictures to evaluations: find the faces, embed them, judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kiosk.lab.data import MARGIN
from kiosk.lab.encoders import embed, open_encoder
from kiosk.lab.evaluate import Evaluation, evaluate
from kiosk.lab.pictures import Faces, Pictures, find_faces, sample
from kiosk.lab.verification import read_pairs
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.detector import MtcnnDetector

LFW_NAME = "lfw.zip"


def measure(
    encoders: Sequence[str],
    root: Path,
    pairs: Path | None,
    models: Path,
    teacher: Path,
    cache_dir: Path,
    *,
    aligned: bool = False,
    sample_size: int = 0,
    resamples: int = 200,
    say: Callable[[str], None] = lambda line: None,
) -> list[Evaluation]:
    """Evaluate each encoder on the pictures under `root`.

    LFW's own pairs and the list of its people who may be in training are taken from beside it.
    With a sample there is no View 2, whose pairs need every picture.
    """
    pictures = Pictures(root)
    if aligned:
        points = np.array(ARCFACE_112.points, np.float32) + MARGIN
        faces = Faces(np.repeat(points[None], len(pictures), axis=0), np.empty(0, np.int64))
    else:
        say(f"Looking for faces in {len(pictures):,} pictures of {root}.")
        faces = find_faces(pictures, lambda size: MtcnnDetector(models, size, threads=2), cache_dir)
        say(f"No face found in {len(faces.not_found)} of them; the mean place stands in.")
    dataset, also = root.stem, frozenset[str]()
    if root.name == LFW_NAME:
        dataset = "LFW"
        listed = root.with_name("lfw_people_also_in_train.txt")
        also = frozenset(listed.read_text().split()) if listed.exists() else also
        beside = root.with_name("lfw_pairs.txt")
        pairs = pairs or (beside if beside.exists() else None)
    if sample_size:
        rows = sample(pictures.identities, sample_size)
        pictures, pairs = pictures.select(rows), None
        faces = Faces(faces.landmarks[rows], faces.not_found)
        dataset = f"{len(rows):,} pictures of {dataset}"
    folds = read_pairs(pairs) if pairs else None
    results = []
    for name in encoders:
        candidate = open_encoder(name, models, teacher)
        say(f"Embedding with {name}.")
        vectors = embed(candidate, pictures, faces, cache_dir, lambda done: say(f"{done:,} done"))
        results.append(
            evaluate(
                name, vectors, pictures.names, pictures.identities, dataset, folds, also, resamples
            )
        )
    return results
