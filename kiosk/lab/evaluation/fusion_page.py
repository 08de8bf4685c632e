"""fusion.md: what a look is best compared with where a person has several photos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from kiosk.domain.settings import Settings
from kiosk.lab.calibration.once import HARD, read_once
from kiosk.lab.calibration.people import JUDGING, MEASURED, read_quality
from kiosk.lab.data.cache import cached
from kiosk.lab.evaluation.encoders import Candidate, embed, open_encoder
from kiosk.lab.evaluation.fusion import Faces, judge, learn
from kiosk.lab.evaluation.measure import Subject, face_around
from kiosk.lab.pages import page
from kiosk.vision.manifest import read_manifest
from kiosk.vision.quality import FaceQuality

LEARNED_ON = ("celeba",)
PROMISED = 1e-3


def write_fusion(
    encoder: str,
    subject: Subject,
    models: Path,
    data: Path,
    cache: Path,
    out: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Learn on people whom the scale was measured on, judge on the subject's and on people kept
    for judging, and write OUT/fusion.md."""
    candidate = open_encoder(encoder, models, Path())
    scale = read_manifest(models).encoder(encoder).scale

    def of(part: str, sources: tuple[str, ...]) -> Faces:
        vectors, people = read_once(part, sources, candidate, data, models, cache, say=say)
        quality = [read_quality(part, s, data, models, cache, say=say) for s in sources]
        return Faces(vectors, people, np.concatenate(quality))

    learnt = learn(of(MEASURED, LEARNED_ON), scale, PROMISED)
    judged = {
        subject.dataset: _of_subject(candidate, subject, cache, say),
        "CelebA and Families In the Wild, people kept for judging": of(JUDGING, HARD),
    }
    found = {}
    for title, faces in judged.items():
        say(f"Judging on {title}.")
        found[title] = judge(faces, scale, learnt, PROMISED)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "fusion.md"
    text = page(__file__, path.name, encoder=encoder, learnt=learnt, found=found, promised=PROMISED)
    path.write_text(text, "utf-8")
    return path


def _of_subject(
    candidate: Candidate, subject: Subject, cache: Path, say: Callable[[str], None]
) -> Faces:
    vectors = embed(candidate, subject.pictures, subject.faces, cache)
    found = np.setdiff1d(np.arange(len(vectors)), subject.faces.not_found)
    check = FaceQuality(Settings().min_face)

    def make() -> np.ndarray:
        return np.array(
            [
                check.assess(subject.pictures.read(row), face_around(points)).score
                for row, points in enumerate(subject.faces.landmarks)
            ]
        )

    quality = cached(cache / f"quality_{subject.pictures.key()}.npy", make, say)
    people = np.array(subject.pictures.identities)
    return Faces(vectors[found], people[found], np.asarray(quality, np.float64)[found])
