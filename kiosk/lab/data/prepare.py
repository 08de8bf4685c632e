"""Anybody's pictures as training crops: found and aligned by the kiosk's own code, in a zip."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kiosk.domain.errors import EnvironmentFailed
from kiosk.lab.data.crops import CROP_SIZE, MARGIN
from kiosk.lab.data.pictures import MakeDetector, Pictures, find_faces
from kiosk.vision.align import ARCFACE_112, Alignment, align

ROOMY = Alignment(CROP_SIZE, tuple((x + MARGIN, y + MARGIN) for x, y in ARCFACE_112.points))
"""The ArcFace template with 8 px of room around it, for shifts and rotations."""
QUALITY = 95


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many crops of how many people were written, and the pictures without a face."""

    crops: int
    people: int
    without_face: tuple[str, ...]


def prepare(
    root: Path,
    out: Path,
    make_detector: MakeDetector,
    cache_dir: Path,
    *,
    labelled: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> Prepared:
    """Write the crops of all pictures of IDENTITY/PICTURE under `root` (a folder or a zip) into the
    zip `out`, IDENTITY/NUMBER_HASH.webp or, without labels, NUMBER_HASH.webp.

    Raises:
        BadInput: `root` holds nothing usable.  EnvironmentFailed: `out` can't be written; what
            stood there before is untouched.
    """
    pictures = Pictures(root)
    faces = find_faces(pictures, make_detector, cache_dir, progress)
    missing = set(faces.not_found.tolist())
    partial = out.with_suffix(".partial")
    written: list[str] = []
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            for row, identity in enumerate(pictures.identities):
                if row in missing:
                    continue
                crop = align(pictures.read(row), faces.landmarks[row], ROOMY)
                bgr = np.ascontiguousarray(crop[:, :, ::-1])
                _, data = cv2.imencode(".webp", bgr, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
                # What the crop shows is in its name: the teacher's answers are kept by names.
                name = f"{row:06}_{zlib.crc32(data.tobytes()):08x}.webp"
                archive.writestr(f"{identity}/{name}" if labelled else name, data.tobytes())
                written.append(identity)
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise EnvironmentFailed(
            f"{out} can't be written ({error}); choose another place or free some disk."
        ) from error
    return Prepared(
        len(written), len(set(written)), tuple(pictures.names[row] for row in sorted(missing))
    )
