"""Pictures of identities to judge an encoder on: a folder or a zip file, IDENTITY/PICTURE."""

from __future__ import annotations

import copy
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Face, Image
from kiosk.domain.ports import Detector
from kiosk.lab.data.crops import IMAGE_SUFFIXES, decode

Landmarks = NDArray[np.float32]
MakeDetector = Callable[[int], Detector]  # smallest face in pixels -> detector

SMALLEST_FACES = (40, 20)  # looked for in this order


class Pictures:
    """The pictures under `root`, sorted by name; read one by one, nothing is unpacked.

    Raises BadInput where `root` is neither folder nor zip, holds no picture, has an empty identity
    folder, or two folders whose names differ in case or blanks only (one person twice).
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._zip: zipfile.ZipFile | None = None
        if root.is_dir():
            found = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
            folders = [p.name for p in root.iterdir() if p.is_dir()]
        else:
            try:
                self._zip = zipfile.ZipFile(root)
            except (OSError, zipfile.BadZipFile) as error:
                raise BadInput(
                    f"{root} should be a folder of identities or a zip file of one, but can't be "
                    f"read ({error}); check the path given as --root."
                ) from error
            found = self._zip.namelist()
            folders = [name.rstrip("/").split("/")[0] for name in found if "/" in name]
        self.names = tuple(
            sorted(n for n in found if "/" in n and n.lower().endswith(IMAGE_SUFFIXES))
        )
        if not self.names:
            raise BadInput(
                f"{root} holds no picture in a folder; put each person's pictures into a folder "
                "of their name."
            )
        self.identities = tuple(name.split("/")[0] for name in self.names)
        self._check(sorted(set(folders)))

    def _check(self, folders: Sequence[str]) -> None:
        people = set(self.identities)
        empty = [folder for folder in folders if folder not in people]
        if empty:
            raise BadInput(
                f"{len(empty)} identity folders of {self.root} hold no picture, {empty[0]} among "
                "them; add pictures or remove the folders."
            )
        seen: dict[str, str] = {}
        for person in sorted(people):
            plain = "".join(person.casefold().replace("_", " ").split())
            if plain in seen:
                raise BadInput(
                    f"{seen[plain]} and {person} in {self.root} seem to be one person in two "
                    "folders; put the pictures into one."
                )
            seen[plain] = person

    def select(self, rows: NDArray[np.int64]) -> Pictures:
        """Some of the pictures, in their order."""
        some = copy.copy(self)
        some.names = tuple(self.names[row] for row in rows)
        some.identities = tuple(self.identities[row] for row in rows)
        return some

    def __len__(self) -> int:
        return len(self.names)

    def read(self, row: int) -> Image:
        """RGB uint8 (H, W, 3).  Raises BadInput for a picture that can't be decoded."""
        name = self.names[row]
        try:
            data = self._zip.read(name) if self._zip else (self.root / name).read_bytes()
        except (OSError, zipfile.BadZipFile, zlib.error) as error:
            raise BadInput(
                f"{name} in {self.root} can't be read ({error}); mend or remove it."
            ) from error
        return decode(data, f"{self.root}/{name}")

    def key(self) -> str:
        """Changes with the pictures: names and sizes."""
        if self._zip:
            sizes = [self._zip.getinfo(name).file_size for name in self.names]
        else:
            sizes = [(self.root / name).stat().st_size for name in self.names]
        lines = "".join(f"{n} {s}\n" for n, s in zip(self.names, sizes, strict=True))
        return hashlib.sha256(lines.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Faces:
    """One face a picture: landmarks float32 (n, 5, 2), and where no face was found."""

    landmarks: Landmarks
    not_found: NDArray[np.int64]

    def select(self, rows: NDArray[np.intp]) -> Faces:
        """Those of some pictures, in the order of ``rows``."""
        return Faces(self.landmarks[rows], np.flatnonzero(np.isin(rows, self.not_found)))


def central(faces: Sequence[Face], image: Image) -> Face | None:
    """The face nearest to the picture's centre, the person it was taken of."""
    middle = np.array([image.shape[1], image.shape[0]]) / 2
    return min(faces, key=lambda face: float(np.hypot(*(face.box.centre - middle))), default=None)


def find_faces(
    pictures: Pictures,
    make_detector: MakeDetector,
    cache_dir: Path,
    progress: Callable[[int], None] = lambda done: None,
) -> Faces:
    """The central face of every picture, cached.

    Where none is found the mean of the others' landmarks stands in, so that every pair counts: a
    picture the detector misses is the system's failure too.
    """
    cache = cache_dir / f"faces_{pictures.key()}.npz"
    if cache.exists():
        with np.load(cache) as stored:
            return Faces(stored["landmarks"], stored["not_found"])
    detectors = [make_detector(size) for size in SMALLEST_FACES]
    landmarks = np.full((len(pictures), 5, 2), np.nan, np.float32)
    broken: list[str] = []
    for row in range(len(pictures)):
        try:
            image = pictures.read(row)
        except BadInput:
            broken.append(pictures.names[row])  # all are named at once: the pass takes minutes
            continue
        for detector in detectors:
            face = central(detector.detect(image), image)
            if face is not None:
                landmarks[row] = face.landmarks
                break
        if row % 500 == 499:
            progress(row + 1)
    if broken:
        raise BadInput(
            f"{len(broken)} of the {len(pictures)} pictures of {pictures.root} can't be read; mend "
            f"or remove them: {', '.join(broken)}."
        )
    missing = np.isnan(landmarks[:, 0, 0])
    if missing.all():
        raise BadInput(
            f"No face was found in any of the {len(pictures)} pictures of {pictures.root}; "
            "give pictures whose faces are at least 20 px wide."
        )
    landmarks[missing] = landmarks[~missing].mean(axis=0)
    faces = Faces(landmarks, np.flatnonzero(missing))
    cache_dir.mkdir(parents=True, exist_ok=True)
    partial = cache.with_suffix(".partial.npz")
    np.savez(partial, landmarks=faces.landmarks, not_found=faces.not_found)
    partial.replace(cache)
    return faces


def read_people(path: Path) -> list[dict[str, int]]:
    """LFW's people.txt, or peopleDevTest.txt, as folds of name to number of pictures.

    people.txt begins with the number of folds, each fold with its number of people; the two Dev
    files are one such fold.  Raises BadInput for anything else.
    """
    try:
        lines = [line.split("\t") for line in path.read_text().splitlines() if line.strip()]
        if len(lines[1]) == 1:
            folds, lines = int(lines[0][0]), lines[1:]
        else:
            folds = 1
        people: list[dict[str, int]] = []
        for _ in range(folds):
            count, lines = int(lines[0][0]), lines[1:]
            fold = {name: int(pictures) for name, pictures in lines[:count]}
            if len(fold) < count:
                raise ValueError(f"fold {len(people) + 1} promises {count} people")
            people.append(fold)
            lines = lines[count:]
        if lines:
            raise ValueError(f"{len(lines)} lines are left over")
    except (OSError, ValueError, IndexError) as error:
        raise BadInput(
            f"{path} should be a list of people in the form of LFW's people.txt (folds, people a "
            f"fold, NAME and number of pictures), but can't be read ({error}); fetch it again."
        ) from error
    return people


def rows_of_people(identities: Sequence[str], path: Path) -> NDArray[np.int64]:
    """Rows of the people listed in `path`.  Raises BadInput where the pictures lack one of them."""
    listed = {name for fold in read_people(path) for name in fold}
    missing = sorted(listed - set(identities))
    if missing:
        raise BadInput(
            f"{len(missing)} people of {path} have no pictures here, {missing[0]} among them; "
            "give the list that belongs to the pictures."
        )
    return np.flatnonzero(np.isin(np.asarray(identities), sorted(listed)))


def rows_by_person(
    people: Sequence[str] | NDArray[np.str_],
) -> list[NDArray[np.int64]]:
    """The rows (n,) of each person, by name."""
    person = np.unique(np.asarray(people), return_inverse=True)[1]
    order = np.argsort(person, kind="stable")
    return np.split(order, np.cumsum(np.bincount(person))[:-1])


def sample(
    identities: Sequence[str], size: int, often: int = 10, seed: int = 0
) -> NDArray[np.int64]:
    """Rows of a smaller set for slow encoders: everybody with at least `often` pictures in full,
    then one picture each of seeded others until `size`."""
    _, first, place, counts = np.unique(
        np.asarray(identities), return_index=True, return_inverse=True, return_counts=True
    )
    full = np.flatnonzero(counts[place] >= often)
    others = np.random.default_rng(seed).permutation(first[counts < often])
    return np.sort(np.concatenate([full, others[: max(0, size - len(full))]]))
