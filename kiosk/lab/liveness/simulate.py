"""The table of ``docs/liveness.md``: who passes a challenge of turns, by sessions made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from kiosk.domain.frame import Points
from kiosk.domain.liveness.challenge import Demands
from kiosk.lab.liveness.actors import Clip, Floats, Person, Photo, Random, Switcher
from kiosk.lab.liveness.recorded import RATE, Recording, all_prepared
from kiosk.lab.liveness.sessions import Sessions, many

_Thing = TypeVar("_Thing")

SHINES = "with the light, which tells nothing"
PICKED_BY = ((None, 50), (12, 400))
"""Of so many prepared clips (None: all), so many sessions each, by which the attacker picks those
to go on with and then the best; it is judged on others."""


@dataclass(frozen=True, slots=True)
class Material:
    """What is real in it: ``faces`` that look into the camera, by their landmarks; ``recordings``
    of heads that turn; single turns (see ``recorded.turning``)."""

    faces: Sequence[Points]
    recordings: Sequence[Recording]
    turns: Sequence[Floats]


def attacks(
    material: Material, demands: Demands, photos: int, draws: int, seed: int = 0
) -> Iterator[Sessions]:
    """``photos`` sessions of each way to hold one, ``draws`` of each kind of recording."""

    def photo(kind: str) -> Callable[[Random], Photo]:
        return lambda random: Photo(_one(material.faces, random), kind, random)

    for kind in Photo.KINDS:
        yield many(f"photo, {kind}", photos, photo(kind), demands, seed=seed)

    def clip(random: Random) -> Clip:
        recording = _one(material.recordings, random)
        return Clip(recording.times, recording.turns, random)

    title = "stored clip of a head that turns"
    yield many(title, draws, clip, demands, seed=seed)
    yield many(f"{title}, {SHINES}", draws, clip, demands, light=True, seed=seed)
    for light in (False, True):
        count, name, best = _best(demands, seed, light)
        title = f"the best of {count} clips made for this challenge ({name})"
        yield many(
            f"{title}, {SHINES}" if light else title,
            draws,
            _as_it_is(best),
            demands,
            light=light,
            seed=seed + 1,
        )
    yield many(
        "clips switched by hand at the arrow",
        draws,
        lambda random: Switcher(material.turns, RATE, random),
        demands,
        seed=seed,
    )


def people(demands: Demands, count: int, seed: int = 0) -> Iterator[Sessions]:
    """``count`` sessions of live people before each kind of camera."""
    for title, rate, dropped in (
        ("people, 30 frames a second", 30.0, 0.0),
        ("people, 15 frames a second", 15.0, 0.0),
        ("people, 10 frames a second", 10.0, 0.0),
        ("people, 10 frames a second, half of them lost", 10.0, 0.5),
    ):
        many_of = partial(many, rates=(rate,), dropped=dropped, seed=seed)
        yield many_of(title, count, Person, demands)
        yield many_of(f"{title}, with the light", count, Person, demands, light=True)


def table(rows: Sequence[Sessions], live: bool) -> str:
    """Markdown; of live people those who are refused, of attacks those that pass."""
    head = "refused" if live else "passed"
    lines = [
        f"| who | {head} | time to pass, median / 95% | how the others failed |",
        "|---|---|---|---|",
    ]
    for row in rows:
        rate = row.failed if live else row.passed
        times = " / ".join(f"{row.seconds(share):.1f} s" for share in (0.5, 0.95))
        failures = ", ".join(f"{name} {count}" for name, count in row.failures.most_common())
        shown = times if row.passed.hits else "–"
        lines.append(f"| {row.title} | {rate.words} | {shown} | {failures} |")
    return "\n".join([*lines, ""])


def _best(demands: Demands, seed: int, light: bool) -> tuple[int, str, Recording]:
    made = all_prepared(np.random.default_rng(seed))
    names = list(made)
    for most, sessions in PICKED_BY:
        hits = {
            name: many(
                name, sessions, _as_it_is(made[name]), demands, light=light, seed=seed
            ).passed.hits
            for name in names[:most]
        }
        names = sorted(hits, key=lambda name: -hits[name])
    return len(made), names[0], made[names[0]]


def _as_it_is(one: Recording) -> Callable[[Random], Clip]:
    return lambda random: Clip(one.times, one.turns, random, as_it_is=True)


def _one(things: Sequence[_Thing], random: Random) -> _Thing:
    return things[int(random.integers(len(things)))]
