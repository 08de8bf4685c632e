"""Training crops: read in place from zip files, decoded once, split by identity.

A crop is 128x128 RGB; its central 112x112 is the standard ArcFace crop and the 8 px around it are
room for augmentation.  LFW has no loader here on purpose: it is never trained or tuned on.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.vision.align import ARCFACE_112

CROP_SIZE = 128
STANDARD_SIZE = 112
MARGIN = (CROP_SIZE - STANDARD_SIZE) // 2

TRAIN_SOURCES = ("celeba", "pins", "fiw", "glint23", "utkface", "fairface")

IMAGE_SUFFIXES = (".webp", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class CropSet:
    """Crops of one or several sources, decoded.

    images: uint8, (n, 128, 128, 3), RGB, usually a read-only memory map.
    names: "source/path inside the zip", n of them, unique.
    identities: one string a crop; crops of unlabelled sources are each their own identity.
    labelled: bool, (n,), whether the identity is known.
    """

    images: NDArray[np.uint8]
    names: tuple[str, ...]
    identities: tuple[str, ...]
    labelled: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Split:
    """Row numbers of a CropSet: disjoint, and disjoint by identity."""

    train: NDArray[np.int64]
    held_out: NDArray[np.int64]


def decode(data: bytes, name: str) -> NDArray[np.uint8]:
    """Decode one picture to RGB uint8 (H, W, 3).  Raises BadInput for what is no picture."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) if data else None
    if image is None:
        raise BadInput(
            f"{name} should be a WebP, JPEG or PNG picture, but can't be decoded "
            f"({len(data)} bytes); remove it or fetch it again."
        )
    return np.asarray(image, np.uint8)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identity_of(source: str, member: str, labelled: bool) -> str:
    """The identity a zip member belongs to: its folder, or itself where there are no labels."""
    folder = member.rsplit("/", 1)[0] if "/" in member else ""
    return f"{source}/{folder}" if labelled and folder else f"{source}/{member}"


def zip_members(path: Path) -> list[str]:
    """Sorted names of the pictures inside a zip file.  Raises BadInput if it can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith(IMAGE_SUFFIXES)]
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(
            f"{path} should be a zip file of face crops, but can't be read ({error}); "
            "check the path given as --data."
        ) from error
    if not names:
        raise BadInput(f"{path} holds no WebP, JPEG or PNG picture; give a zip of face crops.")
    return sorted(names)


def iter_zip(path: Path, members: Sequence[str]) -> Iterator[NDArray[np.uint8]]:
    """Decode members in order, two at a time (OpenCV releases the interpreter lock)."""
    with zipfile.ZipFile(path) as archive, ThreadPoolExecutor(2) as pool:
        for start in range(0, len(members), 256):
            chunk = members[start : start + 256]
            raw = [archive.read(name) for name in chunk]
            yield from pool.map(decode, raw, chunk)


def new_map(
    path: Path, kind: DTypeLike, shape: tuple[int, ...]
) -> tuple[Path, np.memmap[Any, Any]]:
    """A file beside `path` of this process's own, to be renamed when it is whole, mapped.

    Raises EnvironmentFailed where the disk has no room for it: written through the map, a full
    disk would end the program without a word.
    """
    partial = path.with_suffix(f".{os.getpid()}.partial")
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    try:
        with partial.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            file.truncate(size)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise EnvironmentFailed(
            f"{path.parent} needs {size / 1e9:.1f} GB more, but can't have it ({error}); free some "
            "disk, or give another folder with --runs."
        ) from error
    return partial, np.memmap(partial, kind, "r+", shape=shape)


def load_crops(data_dir: Path, cache_dir: Path, sources: Sequence[str] = TRAIN_SOURCES) -> CropSet:
    """Open the crops of `sources`, decoding them into `cache_dir` the first time (4 GB for all).

    The cache is keyed by the zip files' names and sizes, so a changed file is decoded afresh.
    """
    paths = [data_dir / f"{source}.zip" for source in sources]
    members = [zip_members(path) for path in paths]
    key = hashlib.sha256(
        json.dumps([[p.name, p.stat().st_size] for p in paths]).encode()
    ).hexdigest()[:12]
    cache = cache_dir / f"crops_{key}.u8"
    shape = (sum(map(len, members)), CROP_SIZE, CROP_SIZE, 3)
    if not cache.exists() or cache.stat().st_size != int(np.prod(shape)):
        cache_dir.mkdir(parents=True, exist_ok=True)
        partial, target = new_map(cache, np.uint8, shape)
        row = 0
        for path, names in zip(paths, members, strict=True):
            for image in iter_zip(path, names):
                if image.shape != shape[1:]:
                    raise BadInput(
                        f"{path.name}, row {row}: expected a crop of 128x128 pixels, got "
                        f"{image.shape[1]}x{image.shape[0]}; align it first."
                    )
                target[row] = image
                row += 1
        target.flush()
        del target
        partial.replace(cache)
    names_all: list[str] = []
    identities: list[str] = []
    labelled: list[bool] = []
    for source, names in zip(sources, members, strict=True):
        known = any("/" in name for name in names)  # crops without a folder have no label
        names_all += [f"{source}/{name}" for name in names]
        identities += [identity_of(source, name, known) for name in names]
        labelled += [known] * len(names)
    return CropSet(
        images=np.memmap(cache, np.uint8, "r", shape=shape),
        names=tuple(names_all),
        identities=tuple(identities),
        labelled=np.array(labelled),
    )


def split_by_identity(crops: CropSet, held_out: int, seed: int) -> Split:
    """Hold out about `held_out` crops, whole identities, each source by its share of all crops."""
    rng = np.random.default_rng(seed)
    rows_of: dict[str, dict[str, list[int]]] = {}
    for row, identity in enumerate(crops.identities):
        rows_of.setdefault(identity.split("/", 1)[0], {}).setdefault(identity, []).append(row)
    out: list[int] = []
    for people in rows_of.values():
        share = held_out * sum(map(len, people.values())) / len(crops)
        taken = 0
        for identity in rng.permutation(sorted(people)):
            if taken >= share:
                break
            out += people[str(identity)]
            taken += len(people[str(identity)])
    held = np.array(sorted(out), np.int64)
    train = np.setdiff1d(np.arange(len(crops)), held)
    split = Split(train=train, held_out=held)
    check_split(crops, split)
    return split


def check_split(crops: CropSet, split: Split) -> None:
    """Raise BadInput if an identity stands on both sides, or a side is empty."""
    if not len(split.train) or not len(split.held_out):
        raise BadInput(
            f"A split needs crops on both sides, got {len(split.train)} to train and "
            f"{len(split.held_out)} held out; give pictures of more people."
        )
    train = {crops.identities[row] for row in split.train}
    leaked = sorted({crops.identities[row] for row in split.held_out} & train)
    if leaked:
        raise BadInput(
            f"{len(leaked)} identities stand on both sides of the split, {leaked[0]} among them; "
            "split by identity, not by picture."
        )


def save_split(crops: CropSet, split: Split, path: Path) -> None:
    """Write the held-out names, one a line, for `check_same_held_out`."""
    path.write_text("".join(f"{crops.names[row]}\n" for row in split.held_out))


def check_same_held_out(crops: CropSet, split: Split, path: Path) -> None:
    """Raise BadInput where `path`, written by `save_split`, names others: what was trained on would
    be judged on.  A run without such a file passes."""
    if path.exists() and set(path.read_text().splitlines()) != {
        crops.names[row] for row in split.held_out
    }:
        raise BadInput(
            f"Other pictures are held out now than {path} says: the training pictures have "
            "changed since the run began, and it may have learned some of those that it would be "
            "judged on. Give it the pictures that it began with, or begin anew with other --runs."
        )


def aligned_points() -> NDArray[np.float32]:
    """Where the five landmarks lie on a crop of 128x128."""
    return np.array(ARCFACE_112.points, np.float32) + MARGIN


def standard(crops: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The central 112x112 of (..., 128, 128, 3)."""
    return crops[..., MARGIN:-MARGIN, MARGIN:-MARGIN, :]
