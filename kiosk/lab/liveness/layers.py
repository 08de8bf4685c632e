"""What each layer of the check is worth: what becomes of live people and of attacks with all of
them, and with each taken away.

A visit is a window of WINDOW frames or, where frames lie singly, what one showed in a session.
The lines are those of a door that is not calibrated yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Frame, Image
from kiosk.domain.liveness.calibration import thresholds
from kiosk.domain.liveness.cues import Cues, Stream
from kiosk.domain.liveness.passive import find
from kiosk.domain.liveness.policy import Next, Policy, Rules
from kiosk.domain.liveness.rates import Rate
from kiosk.domain.ports import Detector
from kiosk.lab.liveness.cues import CLIPS, RATE, STEP
from kiosk.lab.liveness.faces import Located, locate
from kiosk.lab.liveness.sources import LIVE, WINDOW, clip, pad_sources, read
from kiosk.vision.liveness.eyes import FrameCues
from kiosk.vision.liveness.network import LivenessNetwork
from kiosk.vision.liveness.turn import turn

DELIVERED: Final = Rules()
REMOVED: Final[dict[str, tuple[Rules, Callable[[Cues], Cues]]]] = {
    "nothing": (DELIVERED, lambda cues: cues),
    "the network": (DELIVERED, lambda cues: replace(cues, looks=None)),
    "what moves around the face": (DELIVERED, lambda cues: replace(cues, motion=None)),
    "the empty scene": (DELIVERED, lambda cues: replace(cues, changed=None)),
    "the source": (DELIVERED, lambda cues: replace(cues, stream=Stream.FRESH)),
    "all but the network": (
        DELIVERED,
        lambda cues: replace(cues, motion=None, changed=None, stream=Stream.FRESH),
    ),
    "asking to turn the head": (Rules(Policy.PASSIVE), lambda cues: cues),
}
"""What is taken away: the rules then, and what is left of a frame's cues."""
STILL: Final = "one picture in place of the camera"
LOOPED: Final = "a clip that begins again in place of the camera"
ROUND: Final = 30
"""Frames of the part of a live clip that begins again: three seconds."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What was seen of one: of what species, whose, and its frames, the oldest first."""

    species: str
    person: str
    cues: tuple[Cues, ...]


def parted(name: str, species: str, cues: Sequence[Cues]) -> Iterator[Visit]:
    """Every WINDOW frames in turn, as a visit each."""
    for at in range(0, len(cues) - WINDOW + 1, WINDOW):
        yield Visit(species, name, tuple(cues[at : at + WINDOW]))


def single(shared: Path, make_detector: Callable[[int], Detector], cache: Path,
           say: Callable[[str], None], network: LivenessNetwork) -> Iterator[Visit]:  # fmt: skip
    """The sessions of casia, nuaa and celebaspoof: frames that lie singly, of which only the
    network tells anything."""
    shots = [shot for shot in pad_sources(shared) if shot.file.suffix == ".zip"]
    located = locate(shots, make_detector, cache, say)
    rows = [row for row in range(len(shots)) if located.found[row]]
    looked = (
        (shots[row], _alone(network, image, located, row))
        for row, image in zip(range(len(shots)), read(shots), strict=True)
        if located.found[row]
    )
    say(f"{len(rows):,} of {len(shots):,} frames have a face.")
    for _name, some in groupby(looked, key=lambda pair: pair[0].presentation):
        frames = list(some)
        shot = frames[0][0]
        yield Visit(
            f"{shot.source}: {shot.species}", shot.person, tuple(cues for _, cues in frames)
        )


def played(
    shared: Path,
    make_detector: Callable[[int], Detector],
    cache: Path,
    say: Callable[[str], None],
    make_eyes: Callable[[], FrameCues],
) -> Iterator[Visit]:
    """Live clips fed in place of a camera: one picture of each all the time, and three seconds that
    begin again."""
    for name, species in CLIPS.items():
        if species != LIVE:
            continue
        shots = clip(shared / name, "clips", species, name, STEP)
        located = locate(shots, make_detector, cache, say)
        begins = np.flatnonzero(located.found)[0]
        images = list(read(shots[begins : begins + ROUND]))
        for kind, shown in ((STILL, [0] * ROUND), (LOOPED, [*range(len(images))] * 3)):
            eyes, cues = make_eyes(), []
            for at, row in enumerate(shown):
                if located.found[begins + row]:
                    frame = Frame(images[row], at, at / RATE)
                    cues.append(eyes.look(frame, located.face(int(begins + row))))
            # Whoever plays it does so for longer than it takes to be told.
            yield from parted(name, kind, cues[len(cues) // 2 :])


def outcome(visit: Visit, removed: str) -> Next:
    """What comes next for a visit where something is taken away, by its name in REMOVED."""
    rules, left = REMOVED[removed]
    cues = [left(one) for one in visit.cues]
    return rules.next(*find(cues, thresholds((), rules.doubted)))


def table(visits: Sequence[Visit]) -> str:
    """Markdown: of each species how many are let in unasked, asked and refused, in %."""
    lines = [
        "| taken away: let in unasked / asked / refused, % | " + " | ".join(REMOVED) + " |",
        "|---|" + "---|" * len(REMOVED),
    ]
    for species in dict.fromkeys(visit.species for visit in visits):
        mine = [visit for visit in visits if visit.species == species]
        people = len({visit.person for visit in mine})
        cells = [_cell([outcome(visit, removed) for visit in mine]) for removed in REMOVED]
        let_in = sum(outcome(visit, "nothing") is Next.LET_IN for visit in mine)
        title = f"{species}: {len(mine)} visits of {people}; let in {Rate(let_in, len(mine)).words}"
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(outcomes: Sequence[Next]) -> str:
    count = Counter(outcomes)
    return " / ".join(
        f"{100 * count[one] / len(outcomes):.0f}"
        for one in (Next.LET_IN, Next.CHALLENGE, Next.REFUSE)
    )


def _alone(network: LivenessNetwork, image: Image, located: Located, row: int) -> Cues:
    face = located.face(row)
    try:
        aside = turn(face.landmarks)
    except BadImage:
        aside = None
    return Cues(float(row), looks=network.answer(image, face), turn=aside)
