"""Live faces and attacks, by presentation: what one visit to a door would show.

A presentation is a clip, or what one person showed in one session by one means. Its frames are
judged together, and whoever they belong to is the person whose presentations stand or fall
together. Nothing here is resampled or compressed again: that would destroy what there is to see.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Image
from kiosk.lab.data.crops import IMAGE_SUFFIXES, decode

LIVE = "live"
CLIP_SUFFIXES = (".mp4", ".avi", ".mov", ".mkv", ".webm")
WINDOW = 8  # frames of a clip judged together
STEP = 6  # frames of a clip from one that is looked at to the next: a fifth of a second
DENSE = 3  # the same, of the few clips there are to learn from


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame and what it shows.

    file: where it lies, with the member of a zip file or the number of a clip's frame behind it
    in `part`.  species: "live", or the kind of attack.  person and presentation are unique over
    all sources.
    """

    file: Path
    part: str
    source: str
    species: str
    person: str
    presentation: str

    @property
    def live(self) -> bool:
        return self.species == LIVE

    @property
    def name(self) -> str:
        return f"{self.file.name}:{self.part}"


# Who is in a clip, and whether it is live.  Those of one size in shared/pad are taken for one
# person: two people held out together harm nobody, one in both halves would.
_CLIPS = {
    "pad/live_1.mp4": ("one", LIVE),
    "pad/replay_1.mp4": ("one", "replay"),
    "pad/live_2.mp4": ("two", LIVE),
    "pad/replay_moire.mp4": ("two", "replay"),
    "media/live_head_turns.mp4": ("turns", LIVE),
    "media/screen_replay_head_turns.mp4": ("turns", "replay"),
    "media/live_blinks.mp4": ("blinks", LIVE),
}
SOURCES = ("casia", "nuaa", "celebaspoof", "clips")


def pad_sources(shared: Path, step: int = STEP) -> list[Shot]:
    """All that lies under `shared`, in the order of SOURCES, every `step`-th frame of a clip.
    Raises BadInput where it is missing.

    media/printed_photos.zip is left out: the people of nuaa.zip again, compressed twice.
    """
    shots: list[Shot] = []
    for source in SOURCES[:3]:
        path = shared / "pad" / f"{source}.zip"
        try:
            with zipfile.ZipFile(path) as archive:
                members = sorted(n for n in archive.namelist() if n.endswith(IMAGE_SUFFIXES))
        except (OSError, zipfile.BadZipFile) as error:
            raise BadInput(
                f"{path} should be a zip file of live faces and attacks, but can't be read "
                f"({error}); check the folder given as --shared."
            ) from error
        shots += [_member(path, source, member) for member in members]
    for name, (person, species) in _CLIPS.items():
        shots += clip(shared / name, "clips", species, f"clips/{person}", step)
    return shots


def _member(path: Path, source: str, member: str) -> Shot:
    species, person, name = member.split("/")
    stem = name.rsplit(".", 1)[0]
    if source == "casia":  # hr_1_HR_3.avi_25_fake
        session = stem.split(".avi")[0]
    elif source == "nuaa":  # 0001_00_00_01_127
        session = stem.rsplit("_", 1)[0]
    else:
        session = stem
    return Shot(
        path,
        member,
        source,
        species,
        f"{source}/{person}",
        f"{source}/{species}/{person}/{session}",
    )


def clip(path: Path, source: str, species: str, person: str, step: int = STEP) -> list[Shot]:
    """Every `step`-th frame of a clip, WINDOW of them a presentation; fewer at its end are left
    out, unless they are all.  Raises BadInput where it can't be read."""
    frames = _frame_count(path)
    at = list(range(0, frames, min(step, max(1, frames // WINDOW))))
    windows = max(1, len(at) // WINDOW)
    return [
        Shot(path, str(frame), source, species, person, f"{source}/{path.name}/{i // WINDOW}")
        for i, frame in enumerate(at[: windows * WINDOW])
    ]


def folder(root: Path) -> list[Shot]:
    """A folder of `live/` and one more folder an attack's species, with pictures and clips, each
    in a folder of its person or straight in it, where each file is a person of its own.

    A presentation is a clip's window, or the pictures of one person and species.  Raises BadInput
    where there is no live folder, no other or nothing in one of them.
    """
    species = sorted(p.name for p in root.iterdir() if p.is_dir()) if root.is_dir() else []
    if LIVE not in species or len(species) < 2:
        raise BadInput(
            f"{root} should hold a folder live and one for each kind of attack, such as print, "
            f"but holds {', '.join(species) or 'no folder'}; see docs/lab.md."
        )
    shots: list[Shot] = []
    for kind in species:
        files = sorted(p for p in (root / kind).rglob("*") if p.is_file())
        files = [p for p in files if p.suffix.lower() in IMAGE_SUFFIXES + CLIP_SUFFIXES]
        if not files:
            raise BadInput(f"{root / kind} holds no picture and no clip; add some or remove it.")
        for path in files:
            inner = path.relative_to(root / kind).parts
            person = f"{root.name}/{inner[0] if len(inner) > 1 else f'{kind}/{path.stem}'}"
            if path.suffix.lower() in CLIP_SUFFIXES:
                shots += clip(path, root.name, kind, person)
            else:
                shots.append(Shot(path, "", root.name, kind, person, f"{kind}/{person}"))
    return shots


def read(shots: Sequence[Shot]) -> Iterator[Image]:
    """The frames, RGB, in their order.  Raises BadInput for one that can't be decoded."""
    archive: zipfile.ZipFile | None = None
    capture: cv2.VideoCapture | None = None
    opened: Path | None = None
    at = 0
    for shot in shots:
        if shot.file != opened:
            archive = zipfile.ZipFile(shot.file) if shot.file.suffix == ".zip" else None
            capture = cv2.VideoCapture(str(shot.file)) if _is_clip(shot.file) else None
            opened, at = shot.file, 0
        if archive is not None:
            yield decode(archive.read(shot.part), shot.name)
        elif capture is not None:
            wanted = int(shot.part)
            if wanted < at:  # asked for in another order
                capture, at = cv2.VideoCapture(str(shot.file)), 0
            while at < wanted:
                capture.grab()
                at += 1
            good, frame = capture.read()
            at += 1
            if not good:
                raise BadInput(f"{shot.file} has no frame {wanted}; mend or remove the clip.")
            yield np.asarray(frame[:, :, ::-1], np.uint8).copy()
        else:
            yield decode(shot.file.read_bytes(), str(shot.file))


def _is_clip(path: Path) -> bool:
    return path.suffix.lower() in CLIP_SUFFIXES


def _frame_count(path: Path) -> int:
    """Counted, since what a clip says of itself is often wrong."""
    capture = cv2.VideoCapture(str(path))
    count = 0
    while capture.grab():
        count += 1
    if not count:
        raise BadInput(f"{path} should be a clip, but no frame can be read; mend or remove it.")
    return count
