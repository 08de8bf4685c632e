"""An encoder's cohort, scale and curve go into `models/`."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.scale import ScoreScale
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.calibration.people import (
    COHORT,
    JUDGING,
    MEASURED,
    SOURCES,
    Strangers,
    read_alike,
    read_part,
    read_people,
)
from kiosk.lab.calibration.scale import LOWEST, NEAREST, Measured, fit
from kiosk.lab.data.pictures import rows_by_person
from kiosk.lab.evaluation.encoders import Candidate, embed, open_encoder
from kiosk.lab.evaluation.measure import open_subject
from kiosk.lab.evaluation.metrics import Floats
from kiosk.lab.evaluation.rates import by_group, worst_group, youngest
from kiosk.lab.release.export import write_whole
from kiosk.lab.release.publish import LICENCE, write_beside
from kiosk.lab.release.publish import SOURCES as TITLES
from kiosk.vision.manifest import (
    CohortEntry,
    describe_file,
    read_manifest,
    unpacked,
    write_encoder_entry,
    write_file_entry,
)

FREE = frozenset({"sface"})
"""Encoders that a business may use. Their cohort is of pictures that it may use too: FairFace's."""
FREE_SOURCES = ("fairface",)
FREE_LICENCE = "CC-BY-4.0"
_POINTS = np.arange(0, 101, 1.0)
"""The scores at which the curve is written."""


def write_scale(
    encoder: str,
    models: Path,
    data: Path,
    lfw: Path,
    cache: Path,
    *,
    most: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Measured:
    """Choose the cohort, measure the scale, and write both beside the encoder.

    FAR stands on people of the training files who are neither in the cohort nor judged on; FRR on
    LFW, one picture against one.
    """
    candidate = open_encoder(encoder, models, Path())
    parts = read_people(candidate, data, models, cache, most=most, say=say)
    cohort = parts[COHORT]
    if encoder in FREE:
        cohort = cohort[np.isin(cohort.sources, FREE_SOURCES)]
    packed = pack(cohort.vectors)
    found = fit(measured_people(parts[MEASURED]), unpacked(packed), NEAREST)
    say(f"{found.pairs:,} pairs of strangers; {found.tail}.")
    genuine = _genuine_on_lfw(candidate, found.scale, models, lfw, cache, most, say)
    _write(encoder, models, packed, found, genuine, _listed(cohort))
    write_for_whom(encoder, models, data, cache, say=say)
    return found


def write_for_whom(
    encoder: str,
    models: Path,
    data: Path,
    cache: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Put beside the encoder's curve for which group and from which age the promise holds,
    measured on UTKFace's people who are kept for judging."""
    candidate = open_encoder(encoder, models, Path())
    entry = read_manifest(models).encoder(encoder)
    judged = read_part(JUDGING, "utkface", candidate, data, models, cache, say=say)
    alike = read_alike(JUDGING, "utkface", data, models, cache, say=say)
    rates = by_group(judged, entry.scale, alike)
    worst, first = worst_group(rates), youngest(rates)
    if worst is None or worst.lowest is None:
        say("Too few people of any group: for whom the promise holds was not measured.")
        return
    times = worst.lowest
    curve = replace(entry.curve, worst_group=worst.who, worst=times.value, youngest=first)
    write_encoder_entry(models, replace(entry, curve=curve))
    write_beside(models)
    say(
        f"Worst group: {worst.who}, {times.value:.2f} ({times.low:.2f} to {times.high:.2f}) times "
        f"the promise; it holds from {first} years."
    )


def measured_people(people: Strangers) -> dict[str, Strangers]:
    """By source; of UTKFace adults whose group is known, for the dial speaks of them."""
    adults = (people.ages >= 18) & (people.ages < 65) & ~np.char.startswith(people.groups, "others")
    kept = people[(people.ages < 0) | adults]
    return {s: kept[kept.sources == s] for s in SOURCES if (kept.sources == s).any()}


def pack(vectors: Floats) -> NDArray[np.int8]:
    """Unit vectors (n, dimension) as int8, each scaled to its largest number: cosine 0.9998."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    packed: NDArray[np.int8] = np.round(vectors / largest * 127).astype(np.int8)
    return packed


def _listed(people: Strangers) -> str:
    *others, last = (TITLES[source] for source in np.unique(people.sources))
    return f"{', '.join(others)} and {last}" if others else last


def _genuine_on_lfw(
    candidate: Candidate,
    scale: ScoreScale,
    models: Path,
    lfw: Path,
    cache: Path,
    most: int | None,
    say: Callable[[str], None],
) -> NDArray[np.float64]:
    subject = open_subject(lfw, None, models, cache, sample_size=most or 0, say=say)
    vectors = embed(candidate, subject.pictures, subject.faces, cache)
    scores = []
    for rows in rows_by_person(subject.pictures.identities):
        if len(rows) > 1:
            own = vectors[rows]
            scores.append(scale.matrix(own, own)[np.triu_indices(len(own), 1)])
    return np.sort(np.concatenate(scores))


def _write(
    encoder: str,
    models: Path,
    packed: NDArray[np.int8],
    found: Measured,
    genuine: NDArray[np.float64],
    sources: str,
) -> None:
    entry = read_manifest(models).encoders[encoder]
    name = f"{encoder}_cohort.npy"
    content = io.BytesIO()
    np.save(content, packed, allow_pickle=False)
    write_whole(models / name, content.getvalue())
    write_file_entry(
        models,
        describe_file(
            models / name,
            licence=FREE_LICENCE if encoder in FREE else LICENCE,
            notice=f"{encoder}.md" if encoder in FREE else None,
            source=f"{len(packed):,} faces of {sources}, encoded by kiosk.lab",
        ),
    )
    frr = np.searchsorted(genuine, _POINTS, side="left") / len(genuine)
    curve = ErrorCurve(
        thresholds=_POINTS,
        far=10 ** (-_POINTS / 10),
        frr=frr,
        pairs="strangers of one sex and group in CelebA, Families In the Wild and UTKFace; "
        "the right person in LFW",
        genuine=len(genuine),
        impostor=found.pairs,
        fitted_to=LOWEST,
        mixed=found.mixed,
    )
    cohort = CohortEntry(
        name,
        NEAREST,
        f"people of {sources}",
        tuple(found.scale.normalised.tolist()),
        tuple(found.scale.scores.tolist()),
    )
    # A score says its own FAR: no table of thresholds is needed.
    write_encoder_entry(models, replace(entry, curve=curve, cohort=cohort, thresholds={}))
