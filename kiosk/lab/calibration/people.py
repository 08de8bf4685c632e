"""Who is what: people of the cohort, people whom the scale is measured on, people kept for judging.

Nobody is two of these. Who is which follows from the name alone, so that it stays when files grow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Face, Image
from kiosk.domain.settings import Settings
from kiosk.lab.data.cache import cached
from kiosk.lab.data.crops import aligned_points, identity_of, iter_zip, zip_members
from kiosk.lab.data.pictures import central
from kiosk.lab.evaluation.conditions import utkface_groups
from kiosk.lab.evaluation.encoders import Candidate, face_at, open_encoder
from kiosk.lab.evaluation.metrics import Floats
from kiosk.vision.detector import MtcnnDetector
from kiosk.vision.manifest import read_manifest
from kiosk.vision.quality import FaceQuality, measure, unsteady

COHORT: Final = "cohort"
MEASURED: Final = "measured"
JUDGING: Final = "judging"

SOURCES: Final = ("celeba", "fairface", "fiw", "utkface")
EACH: Final = 20
"""Pictures of one person at most: a person with a hundred would speak for many."""
_NEIGHBOURS: Final = 15
_PARTS: Final = {
    # Out of 100 people: the cohort's, then the measured; the others are kept for judging.
    "celeba": (42, 42),
    "fairface": (85, 0),
    "fiw": (0, 80),
    "utkface": (54, 26),
}


@dataclass(frozen=True, slots=True, eq=False)
class Strangers:
    """Crops of one part. ``vectors`` (n, dimension); ``people`` and ``families`` (n,): whoever
    shares a family is no stranger; ``groups`` (n,): sex and ethnic group in words, of UTKFace as
    it is written there, of the others as their nearest of UTKFace; ``ages`` (n,): years, -1 where
    not known; ``sources`` (n,)."""

    vectors: Floats
    people: NDArray[np.str_]
    families: NDArray[np.str_]
    groups: NDArray[np.str_]
    ages: NDArray[np.int64]
    sources: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.vectors)

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Strangers:
        return Strangers(*(getattr(self, field.name)[rows] for field in fields(self)))


def part_of(source: str, identity: str) -> str:
    """The part that a person, with all the family, belongs to."""
    identity = family_of(source, identity)
    place = int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) % 100
    cohort, measured = _PARTS[source]
    return COHORT if place < cohort else MEASURED if place < cohort + measured else JUDGING


def family_of(source: str, identity: str) -> str:
    """Families In the Wild names its people FAMILY_MEMBER."""
    return identity.rsplit("_", 1)[0] if source == "fiw" else identity


def read_people(
    candidate: Candidate,
    data: Path,
    models: Path,
    cache: Path,
    *,
    most: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Strangers]:
    """The parts, encoded; what is turned too far or blurred is left out but of the cohort.

    The cache is keyed by the encoder and the zip's name and size. ``most``: so many crops of each
    source, of people drawn by their names, for an encoder that is slow.
    """
    found, usable = [], []
    for source in SOURCES:
        path = data / f"{source}.zip"
        members = _some_of_each(source, zip_members(path), most)
        key = f"{source}_{path.stat().st_size}_{len(members)}.npy"
        encode = partial(_encode, candidate, path, members)
        vectors = cached(cache / f"people_{candidate.key}_{key}", encode, say)
        found.append(_described(source, members, vectors))
        check = partial(_usable, path, members, models)
        usable.append(cached(cache / f"usable_{key}", check, say).astype(bool))
    everybody, fit_to_use = _joined(found), np.concatenate(usable)
    parts = np.array(
        [part_of(s, p) for s, p in zip(everybody.sources, everybody.people, strict=True)]
    )
    known = (everybody.groups != "") & (parts == COHORT) & (everybody.ages >= 15)
    groups = nearest_groups(everybody.vectors, everybody[known])
    groups = np.where(everybody.groups != "", everybody.groups, groups)
    everybody = replace(everybody, groups=groups)
    return {
        COHORT: everybody[(parts == COHORT) & one_each(everybody.people)],
        MEASURED: everybody[(parts == MEASURED) & fit_to_use],
        JUDGING: everybody[(parts == JUDGING) & fit_to_use],
    }


def read_part(
    part: str,
    source: str,
    candidate: Candidate,
    data: Path,
    models: Path,
    cache: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> Strangers:
    """One part of one source alone, as ``read_people`` has it but for the groups: those that the
    source tells. A fifth of the work, where an encoder is slow or only judged."""
    path = data / f"{source}.zip"
    members, key = _of_part(part, source, path)
    encode = partial(_encode, candidate, path, members)
    vectors = cached(cache / f"people_{candidate.key}_{key}", encode, say)
    check = partial(_usable, path, members, models)
    usable = cached(cache / f"usable_{key}", check, say).astype(bool)
    return _described(source, members, vectors)[usable]


def read_alike(
    part: str,
    source: str,
    data: Path,
    models: Path,
    cache: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> Floats:
    """The vectors (n, dimension) of ``read_part`` by the default encoder, whichever is measured:
    by them one person under two names is told. With dlib's a quarter of Asian women would be."""
    default = open_encoder(read_manifest(models).default_encoder, models, Path())
    return read_part(part, source, default, data, models, cache, say=say).vectors


def read_quality(
    part: str,
    source: str,
    data: Path,
    models: Path,
    cache: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
) -> NDArray[np.float64]:
    """How good the kiosk calls the pictures of ``read_part``: (n,), 0 to 1."""
    path = data / f"{source}.zip"
    members, key = _of_part(part, source, path)
    usable = cached(cache / f"usable_{key}", partial(_usable, path, members, models), say)
    found = cached(cache / f"quality_{key}", partial(_quality, path, members, models), say)
    kept: NDArray[np.float64] = found[usable.astype(bool)]
    return kept


def _of_part(part: str, source: str, path: Path) -> tuple[list[str], str]:
    """The members of one part, and the end of their caches' names."""
    everything = zip_members(path)
    labelled = any("/" in member for member in everything)
    members = [
        member
        for member in _some_of_each(source, everything, None)
        if part_of(source, identity_of(source, member, labelled)) == part
    ]
    return members, f"{part}_{source}_{path.stat().st_size}_{len(members)}.npy"


def nearest_groups(vectors: Floats, known: Strangers) -> NDArray[np.str_]:
    """The group that most of a vector's nearest among the known are of."""
    names, numbers = np.unique(known.groups, return_inverse=True)
    answer = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), 1024):
        similar = vectors[start : start + 1024] @ known.vectors.T
        nearest = np.argpartition(-similar, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
        votes = np.stack([np.bincount(row, minlength=len(names)) for row in numbers[nearest]])
        answer[start : start + 1024] = votes.argmax(axis=1)
    return np.asarray(names[answer])


def _some_of_each(source: str, members: Sequence[str], most: int | None) -> list[str]:
    labelled = any("/" in member for member in members)
    of: dict[str, list[str]] = {}
    for member in members:
        of.setdefault(identity_of(source, member, labelled), []).append(member)
    kept: list[str] = []
    for person in sorted(of, key=lambda name: hashlib.sha256(f"drawn {name}".encode()).digest()):
        if most is not None and len(kept) >= most:
            break
        kept += of[person][:EACH]
    return sorted(kept)


def _described(source: str, members: Sequence[str], vectors: Floats) -> Strangers:
    labelled = any("/" in member for member in members)
    people = [identity_of(source, member, labelled) for member in members]
    told = [utkface_groups(member) if source == "utkface" else None for member in members]
    return Strangers(
        vectors,
        np.array(people),
        np.array([family_of(source, person) for person in people]),
        np.array([group["sex and ethnicity"] if group else "" for group in told]),
        np.array([int(m.split("_")[0]) if g else -1 for m, g in zip(members, told, strict=True)]),
        np.array([source] * len(members)),
    )


def _joined(parts: Sequence[Strangers]) -> Strangers:
    return Strangers(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Strangers))
    )


def one_each(people: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Whether a row is the first of its person."""
    first = np.zeros(len(people), bool)
    first[np.unique(people, return_index=True)[1]] = True
    return first


def _encode(candidate: Candidate, path: Path, members: Sequence[str]) -> Floats:
    face = face_at(aligned_points())
    rows = [candidate.encoder.encode(image, [face])[0] for image in iter_zip(path, members)]
    return np.stack(rows).astype(np.float32)


def _usable(path: Path, members: Sequence[str], models: Path) -> NDArray[np.bool_]:
    """Whether the kiosk would take the crop's pose and sharpness."""
    answer = np.zeros(len(members), bool)
    for row, (image, face) in enumerate(_detected(path, members, models)):
        if face is None:
            continue
        try:
            found = measure(image, face)
        except BadImage:
            continue
        answer[row] = unsteady(found) is Hint.NONE
    return answer


def _quality(path: Path, members: Sequence[str], models: Path) -> NDArray[np.float64]:
    check = FaceQuality(Settings().min_face)
    return np.array(
        [
            0.0 if face is None else check.assess(image, face).score
            for image, face in _detected(path, members, models)
        ]
    )


def _detected(
    path: Path, members: Sequence[str], models: Path
) -> Iterator[tuple[Image, Face | None]]:
    detector = MtcnnDetector(models, 40)
    for image in iter_zip(path, members):
        yield image, central(detector.detect(image), image)
