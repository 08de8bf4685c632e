"""From pictures to evaluations: find the faces, embed them, judge, and look where it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Box, Face, Points
from kiosk.lab.data.crops import aligned_points, iter_zip, zip_members
from kiosk.lab.data.pictures import Faces, Pictures, find_faces, rows_of_people, sample
from kiosk.lab.evaluation.conditions import (
    Share,
    accepted_by_value,
    accepted_strangers,
    utkface_groups,
    worst_pairs,
)
from kiosk.lab.evaluation.encoders import Candidate, embed, face_at, open_encoder
from kiosk.lab.evaluation.evaluate import Evaluation, evaluate
from kiosk.lab.evaluation.metrics import Doubles, Floats
from kiosk.lab.evaluation.verification import Pair, read_pairs
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.quality import measure as measure_quality

LFW_NAME = "lfw.zip"
STRANGERS = 3000  # pictures of a set with groups that are compared with each other


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What encoders are judged on: pictures, their faces, and what is known of them."""

    pictures: Pictures
    faces: Faces
    dataset: str
    folds: list[list[Pair]] | None = None
    also_in_train: frozenset[str] = frozenset()


def open_subject(
    root: Path,
    pairs: Path | None,
    models: Path,
    cache_dir: Path,
    *,
    aligned: bool = False,
    sample_size: int = 0,
    people: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Subject:
    """The pictures under `root` with their faces found.

    LFW's own pairs and the list of its people who may be in training are taken from beside it.
    With a sample or a list of people (LFW's people.txt) there is no View 2, whose pairs need every
    picture.
    """
    pictures = Pictures(root)
    if aligned:
        faces = Faces(np.repeat(aligned_points()[None], len(pictures), axis=0), np.empty(0, int))
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
    if people or sample_size:
        rows = np.arange(len(pictures))
        if people:
            rows = rows_of_people(pictures.identities, people)
            dataset = f"{people.stem} of {dataset}"
        if sample_size:
            rows = rows[sample([pictures.identities[row] for row in rows], sample_size)]
            dataset = f"{len(rows):,} pictures of {dataset}"
        pictures, pairs = pictures.select(rows), None
        faces = faces.select(rows)
    return Subject(pictures, faces, dataset, read_pairs(pairs) if pairs else None, also)


def measure(
    encoders: Sequence[str],
    subject: Subject,
    models: Path,
    teacher: Path,
    cache_dir: Path,
    *,
    groups: Path | None = None,
    resamples: int = 200,
    say: Callable[[str], None] = lambda line: None,
) -> list[Evaluation]:
    """Evaluate each encoder on the subject.

    groups: a zip of aligned crops named as UTKFace's, whose people are compared with each other
        by age, sex and ethnicity.
    """
    pictures, results = subject.pictures, []
    qualities = _qualities(subject)
    for name in encoders:
        candidate = open_encoder(name, models, teacher)
        say(f"Embedding with {name}.")
        vectors = embed(
            candidate, pictures, subject.faces, cache_dir, lambda done: say(f"{done:,} done")
        )
        judged = evaluate(
            name, vectors, pictures.names, pictures.identities, subject.dataset, subject.folds,
            subject.also_in_train, resamples,
        )  # fmt: skip
        genuine, impostor = worst_pairs(vectors, pictures.identities)
        threshold = judged.sets[0].table.threshold
        shares = _by_picture(subject, qualities, vectors, threshold)
        if groups is not None and groups.exists():
            shares += _by_group(candidate, groups, threshold)
        results.append(
            replace(judged, worst_genuine=genuine, worst_impostor=impostor, shares=shares)
        )
    return results


def _by_picture(
    subject: Subject, qualities: Doubles, vectors: Floats, threshold: float
) -> tuple[Share, ...]:
    """TAR by what the kiosk's own quality check measures of the worse picture of a pair."""
    return tuple(
        share
        for (of, edges), column in zip(_QUALITIES, qualities.T, strict=True)
        for share in accepted_by_value(
            vectors, subject.pictures.identities, threshold, of, column, edges
        )
    )


# Larger is worse, so that the larger of two is the worse picture's.
_QUALITIES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("turned sideways (yaw, 0 is frontal)", (0.1, 0.2, 0.35)),
    ("turned up or down (pitch's distance from frontal)", (0.05, 0.1, 0.2)),
    ("blur (1 / sharpness)", (10, 20, 40)),
    ("smallness (112 / face's size in pixels)", (1.2, 1.5, 2)),
)


def _qualities(subject: Subject) -> Doubles:
    rows = []
    for row in range(len(subject.pictures)):
        try:
            found = measure_quality(
                subject.pictures.read(row), face_around(subject.faces.landmarks[row])
            )
        except BadImage:
            rows.append([1.0, 1.0, 1e3, 1e3])
            continue
        blur = 1 / max(found.sharpness, 1e-3)
        rows.append([abs(found.yaw), abs(found.pitch - 0.54), blur, 112 / max(found.size, 1.0)])
    return np.array(rows, np.float64)


def face_around(points: Points) -> Face:
    """The face of landmarks (5, 2): from the eyes to the mouth is about 0.45 of MTCNN's box."""
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max()) / 0.45
    return Face(Box(float(low[0]), float(low[1]), side, side), points, 1.0)


def _by_group(candidate: Candidate, path: Path, threshold: float) -> tuple[Share, ...]:
    """FAR among strangers of one age, sex or ethnicity; the crops are of people trained on."""
    known = [(m, g) for m in zip_members(path) if (g := utkface_groups(m)) is not None]
    if not known:
        return ()
    rows = np.random.default_rng(0).permutation(len(known))[:STRANGERS]
    chosen = [known[row] for row in np.sort(rows)]
    face = face_at(aligned_points())
    vectors = np.stack(
        [
            candidate.encoder.encode(image, [face])[0]
            for image in iter_zip(path, [member for member, _ in chosen])
        ]
    )
    return tuple(
        share
        for of in chosen[0][1]
        for share in accepted_strangers(vectors, [g[of] for _, g in chosen], threshold, of)
    )
