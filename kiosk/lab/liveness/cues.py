"""What each cue beside the network tells by itself: on clips, and on photos in a made-up hand.

A presentation is a visit's window of WINDOW frames, ten a second. Its value is the median of the
frames that tell anything; one that tells nothing passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Box, Face, Frame, Image
from kiosk.domain.liveness.cues import Cues, Stream
from kiosk.domain.ports import Detector
from kiosk.lab.liveness.faces import Located, largest, locate
from kiosk.lab.liveness.sheet import VIEW, Held, shown
from kiosk.lab.liveness.sources import LIVE, WINDOW, clip, pad_sources, read
from kiosk.vision.liveness.eyes import FrameCues
from kiosk.vision.liveness.turn import turn

STEP: Final = 3  # frames of a clip from one that is looked at to the next: ten a second
RATE: Final = 10.0
CLIPS: Final = {
    "media/live_blinks.mp4": LIVE,
    "media/live_head_turns.mp4": LIVE,
    "pad/live_1.mp4": LIVE,
    "pad/live_2.mp4": LIVE,
    "media/screen_replay_head_turns.mp4": "replay",
    "pad/replay_1.mp4": "replay",
    "pad/replay_moire.mp4": "replay",
}
HELD: Final = {"photo, whole": (1.3, 1.3), "photo, cut to 1.3 faces": (0.65, 0.7)}
"""How far a photo reaches from its face's middle, in face widths and heights."""
ASIDE: Final = 0.1
"""A photo shows a face from the front up to this."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """A visit's window: whose, of what species, and the medians of what was told."""

    name: str
    species: str
    motion: float | None
    changed: float | None
    stale: float
    """The share of frames that no camera took just now."""


def clip_windows(
    shared: Path, make_detector: Callable[[int], Detector], cache: Path, say: Callable[[str], None]
) -> list[Window]:
    """Of every clip of CLIPS, looked at as at the door; no scene was empty before."""
    looked = clip_cues(shared, make_detector, cache, say, _without_network)
    return [window for name, species, cues in looked for window in windows(name, species, cues)]


def clip_cues(
    shared: Path,
    make_detector: Callable[[int], Detector],
    cache: Path,
    say: Callable[[str], None],
    make_eyes: Callable[[], FrameCues],
) -> Iterator[tuple[str, str, list[Cues]]]:
    """Of every clip of CLIPS its name, its species and its frames with a face, as looked at."""
    for name, species in CLIPS.items():
        shots = clip(shared / name, "clips", species, name, STEP)
        located = locate(shots, make_detector, cache, say)
        yield name, species, list(_looked(make_eyes(), read(shots), located))


def _without_network() -> FrameCues:
    return FrameCues(lambda: None)


def windows(name: str, species: str, cues: Sequence[Cues]) -> list[Window]:
    """Every WINDOW frames in turn."""
    parts = [cues[at : at + WINDOW] for at in range(0, len(cues) - WINDOW + 1, WINDOW)]
    return [
        Window(
            name,
            species,
            _median([one.motion for one in part]),
            _median([one.changed for one in part]),
            sum(one.stream is not Stream.FRESH for one in part) / len(part),
        )
        for part in parts
    ]


def held_windows(
    photos: Sequence[tuple[Image, Face]], places: Sequence[Image], visits: int, seed: int = 0
) -> list[Window]:
    """Photos in a hand that is not quite still, before places that were seen empty."""
    held = held_cues(photos, places, visits, _without_network, seed)
    return [window for name, species, cues in held for window in windows(name, species, cues)]


def held_cues(
    photos: Sequence[tuple[Image, Face]],
    places: Sequence[Image],
    visits: int,
    make_eyes: Callable[[], FrameCues],
    seed: int = 0,
) -> Iterator[tuple[str, str, list[Cues]]]:
    """The same visit by visit: its name, its species and what was seen."""
    rng = np.random.default_rng(seed)
    for number in range(visits):
        picture, face = photos[int(rng.integers(len(photos)))]
        place = places[int(rng.integers(len(places)))]
        kind = list(HELD)[number % len(HELD)]
        sheet, own = cut_out(picture, face, HELD[kind])
        eyes = make_eyes()
        for at in range(20):
            eyes.empty(Frame(_noisy(place, rng), at, at / 4))
        cues = []
        size = rng.uniform(70, 120) / own.box.width
        sway, phase = rng.uniform(2, 12, 2), rng.uniform(0, 6.3, 2)
        pace = rng.uniform(2, 7, 2)  # radians a second
        for at in range(2 * WINDOW):
            time = 5 + at / RATE
            x, y = sway * np.sin(pace * time + phase) + rng.normal(0, 0.5, 2)
            how = Held(roll=0.02 * np.sin(time), size=size, at=(float(x), float(y)))
            seen = _noisy(shown(sheet, how, place), rng)
            rows, columns = sheet.shape[:2]
            middle = np.array(VIEW) / 2 + (x, y)
            marks = (own.landmarks - np.array([columns, rows]) / 2) * size + middle
            box = own.box
            there = Face(
                Box(
                    float((box.x - columns / 2) * size + middle[0]),
                    float((box.y - rows / 2) * size + middle[1]),
                    box.width * size,
                    box.height * size,
                ),
                marks.astype(np.float32),
                1.0,
            )
            cues.append(eyes.look(Frame(seen, at, time), there))
        yield f"{kind} {number}", kind, cues


def nuaa(shared: Path, detector: Detector, every: int) -> list[tuple[Image, Face]]:
    """Every so many live pictures of nuaa.zip, with their faces."""
    shots = [one for one in pad_sources(shared) if one.source == "nuaa" and one.live][::every]
    found = ((image, largest(detector.detect(image))) for image in read(shots))
    return [(image, face) for image, face in found if face is not None]


def emptied(picture: Image, face: Face) -> Image:
    """A picture of somebody as the place behind, VIEW large: the person is painted over."""
    scale = VIEW[0] / picture.shape[1]
    image = np.asarray(cv2.resize(picture, VIEW, interpolation=cv2.INTER_AREA), np.uint8)
    mask = np.zeros(image.shape[:2], np.uint8)
    x, y = (scale * n for n in face.box.centre)
    half = 0.9 * scale * face.box.width
    mask[
        max(0, int(y - 0.9 * scale * face.box.height)) :, max(0, int(x - half)) : int(x + half)
    ] = 1
    return np.asarray(cv2.inpaint(image, mask, 3, cv2.INPAINT_TELEA), np.uint8)


def cut_out(picture: Image, face: Face, reach: tuple[float, float]) -> tuple[Image, Face]:
    """A photo cut around its face, and the face in it."""
    x, y = face.box.centre
    rows, columns = picture.shape[:2]
    across, down = reach[0] * face.box.width, reach[1] * face.box.height
    left, right = int(max(0, x - across)), int(min(columns, x + across))
    top, bottom = int(max(0, y - down)), int(min(rows, y + down))
    box = Box(face.box.x - left, face.box.y - top, face.box.width, face.box.height)
    marks = (face.landmarks - np.array([left, top])).astype(np.float32)
    return picture[top:bottom, left:right].copy(), Face(box, marks, face.confidence)


@dataclass(frozen=True, slots=True)
class Tried:
    """One photo held in one way: how, and how far it seems turned; None: no face was found."""

    kind: str
    turned: float | None


def turned_photos(
    photos: Sequence[tuple[Image, Face]], detector: Detector, draws: int, seed: int = 0
) -> list[Tried]:
    """Photos of faces from the front, held flat, rolled or folded in all ways there are."""
    rng = np.random.default_rng(seed)
    noise = rng.integers(60, 180, (VIEW[1], VIEW[0], 3)).astype(np.uint8)
    behind = np.asarray(cv2.GaussianBlur(noise, (31, 31), 0), np.uint8)
    straight = [one for one in photos if abs(turn(one[1].landmarks)) <= ASIDE]
    out = []
    for number in range(draws):
        picture, face = straight[int(rng.integers(len(straight)))]
        sheet, own = cut_out(picture, face, (rng.uniform(0.75, 1.3), rng.uniform(0.75, 1.3)))
        kind = list(BENDS)[number % len(BENDS)]
        apart = float(np.hypot(*(own.landmarks[1] - own.landmarks[0])))
        how = _drawn(kind, sheet.shape[1] / apart, rng.uniform(38, 75) / apart, rng)
        found = largest(detector.detect(shown(sheet, how, behind)))
        try:
            out.append(Tried(kind, abs(turn(found.landmarks)) if found is not None else None))
        except BadImage:
            out.append(Tried(kind, None))
    return out


BENDS: Final = {
    "flat": (0.0, 0.0),
    "rolled, up to a half pipe": (0.2, 0.9),
    "rolled, tighter": (0.9, 1.8),
    "folded by up to 30 degrees": (0.1, 0.52),
    "folded further": (0.52, 1.1),
}
"""How a photo is bent: rolled, radians over the distance between the eyes; folded, radians by which
each side goes back."""


def _drawn(kind: str, eyes_a_width: float, size: float, rng: np.random.Generator) -> Held:
    bend = rng.uniform(*BENDS[kind])
    along = float(rng.choice([0.0, rng.normal(0, 0.5)]))
    return Held(
        yaw=rng.uniform(-1.3, 1.3),
        pitch=rng.normal(0, 0.35),
        roll=rng.normal(0, 0.2),
        size=size,
        at=(rng.uniform(-60, 60), rng.uniform(-60, 60)),
        along=along if bend else 0.0,
        curve=rng.choice([-1, 1], p=[0.2, 0.8]) * bend * eyes_a_width if "rolled" in kind else 0.0,
        fold=bend if "folded" in kind else 0.0,
        line=rng.normal(0, 0.03) if "folded" in kind else 0.0,
    )


def windows_table(found: Sequence[Window]) -> str:
    """Markdown: each cue's windows, and APCER where at most one in a hundred live ones is
    refused."""
    lines = [
        "| cue | shown | windows | of them told | 5% | median | 95% | APCER at BPCER 1% |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for cue in ("motion", "changed"):
        live = _told(found, cue, LIVE)
        for species in dict.fromkeys(one.species for one in found):
            told = _told(found, cue, species)
            count = sum(one.species == species for one in found)
            if not len(told):
                lines.append(f"| {cue} | {species} | {count} | 0 | | | | |")
                continue
            quantiles = " | ".join(f"{q:.4f}" for q in np.quantile(told, [0.05, 0.5, 0.95]))
            apcer = ""
            if species != LIVE and len(live):
                ordered = np.sort(live)[::-1]
                limit = ordered[int(0.01 * len(ordered))]
                apcer = f"{1 - (told > limit).sum() / count:.1%}"
            lines.append(f"| {cue} | {species} | {count} | {len(told)} | {quantiles} | {apcer} |")
    stale = {s: [w.stale for w in found if w.species == s] for s in {w.species for w in found}}
    for species, shares in sorted(stale.items()):
        many = sum(share > 0.5 for share in shares)
        lines.append(f"| stream | {species} | {len(shares)} | {many} not fresh | | | | |")
    return "\n".join(lines)


def turns_table(found: Sequence[Tried]) -> str:
    """Markdown: how far photos seemed turned."""
    lines = [
        "| photo | held | face found | 99% below | most | 0.20 or more | 0.30 or more |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in BENDS:
        mine = [one for one in found if one.kind == kind]
        told = np.array([one.turned for one in mine if one.turned is not None])
        if not len(told):
            continue
        lines.append(
            f"| {kind} | {len(mine)} | {len(told)} | {np.quantile(told, 0.99):.3f} | "
            f"{told.max():.3f} | {(told >= 0.2).sum()} | {(told >= 0.3).sum()} |"
        )
    return "\n".join(lines)


def _looked(eyes: FrameCues, images: Iterator[Image], located: Located) -> Iterator[Cues]:
    for row, image in enumerate(images):
        frame = Frame(image, row, row / RATE)
        if located.found[row]:
            yield eyes.look(frame, located.face(row))
        else:
            eyes.empty(frame)


def _median(values: Sequence[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return float(np.median(told)) if len(told) >= 3 else None


def _told(found: Sequence[Window], cue: str, species: str) -> Floats:
    values = [getattr(one, cue) for one in found if one.species == species]
    return np.array([value for value in values if value is not None])


def _noisy(image: Image, rng: np.random.Generator) -> Image:
    noise = rng.normal(0, 2, image.shape).astype(np.float32)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)
