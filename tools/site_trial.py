"""How a site with 50 enrolled people would fare on LFW: right and wrong answers, image by image.

    python -m tools.site_trial ../shared/data/test/lfw.zip [--far 0.001]

Two images of each enrolled person are enrolled, the others are probes, and all images of 50 other
people are strangers. Who is enrolled is drawn with a seed; nothing is tuned here. Each image is one
decision (the kiosk itself asks for three agreeing frames).
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image as Pillow

from kiosk.app import MODELS
from kiosk.building import DETECT_FROM
from kiosk.domain.comparisons import comparisons
from kiosk.domain.decision import Hint
from kiosk.domain.frame import Image, Vector
from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Template
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import operating_point
from kiosk.services.access.pins import utc_now
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.encoder import load_encoder
from kiosk.vision.quality import FaceQuality

PEOPLE, ENROL, AT_LEAST, SEED = 50, 2, 4, 2022


def main(
    lfw: Path,
    far: Annotated[float, typer.Option()] = Settings().far,
    encoder_id: Annotated[str, typer.Option("--encoder")] = "auto",
) -> None:
    settings = Settings()
    detector = MtcnnDetector(MODELS, min_face=int(DETECT_FROM * settings.min_face))
    quality = FaceQuality(settings.min_face)
    encoder = load_encoder(encoder_id, MODELS)

    def vector(image: Image) -> tuple[Vector | None, Hint]:
        faces = detector.detect(image)
        if not faces:
            return None, Hint.NO_FACE
        # LFW's subject is the one in the middle, not always the largest.
        middle = np.array(image.shape[1::-1]) / 2
        face = min(faces, key=lambda found: float(np.hypot(*(found.box.centre - middle))))
        hint = quality.assess(image, face).hint
        return encoder.encode(image, (face,))[0], hint

    archive = zipfile.ZipFile(lfw)
    images: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(archive.namelist()):
        if name.lower().endswith((".webp", ".jpg", ".png")) and "/" in name:
            images[name.split("/")[-2]].append(name)
    able = sorted(person for person, names in images.items() if len(names) >= AT_LEAST)
    drawn = np.random.default_rng(SEED).permutation(able)[: 2 * PEOPLE].tolist()
    known, strangers = drawn[:PEOPLE], drawn[PEOPLE:]

    def read(name: str) -> Image:
        return np.asarray(Pillow.open(io.BytesIO(archive.read(name))).convert("RGB"))

    templates = []
    for number, person in enumerate(known):
        for name in images[person][:ENROL]:
            found, _ = vector(read(name))
            if found is not None:
                templates.append(
                    Template(0, number, found, encoder.info.encoder_id, 1.0, name, utc_now())
                )
    gallery = Gallery.of(templates, encoder.info.scale)
    worth = comparisons(gallery, encoder.info.curve)
    point = operating_point(encoder.info.curve, far, worth)
    plain = operating_point(encoder.info.curve, far, 1)
    probes = [(known.index(p), name) for p in known for name in images[p][ENROL:]]
    probes += [(-1, name) for p in strangers for name in images[p]]
    tallies = {"as the kiosk": Counter[str](), "at far alone": Counter[str]()}
    refused = Counter[str]()
    for person, name in probes:
        found, hint = vector(read(name))
        refused[f"{'stranger' if person < 0 else 'known'} {hint}"] += 1
        best = gallery.search(found)[0] if found is not None else None
        for title, threshold in zip(tallies, (point.threshold, plain.threshold), strict=True):
            allowed = best is not None and best.score >= threshold
            right = best is not None and best.person_id == person
            kind = "stranger" if person < 0 else "known"
            answer = ("right person" if right else "wrong person") if allowed else "refused"
            tallies[title][f"{kind}: {answer}"] += 1
    typer.echo(
        f"{encoder.info.encoder_id}, FAR {far:g}, {len(gallery)} people (worth {worth:.0f}), "
        f"{len(templates)} templates"
    )
    for title, threshold in zip(tallies, (point.threshold, plain.threshold), strict=True):
        typer.echo(f"{title}: threshold {threshold:.4f}: {dict(sorted(tallies[title].items()))}")
    typer.echo(f"what the quality check would have said: {dict(sorted(refused.items()))}")


if __name__ == "__main__":
    typer.run(main)
