"""The screen's light on a face, made up: how often its answer is misjudged.

No camera stood before a screen for this. Made up are the light of the room and its colour, what of
the screen's light arrives, what skin, paper and the glass of a phone send back, a head that moves,
exposure and white that the camera turns after what it sees, its delay, noise and eight bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.liveness.cues import Lit
from kiosk.domain.liveness.light import (
    SETTLES,
    STEP,
    Answer,
    Judgement,
    draw_code,
    judge,
    linear,
    response,
)

Floats = NDArray[np.float64]
KINDS: Final = ("live", "paper", "phone", "phone in a bright hand")
REACHES: Final = ((0.2, 0.4), (0.1, 0.2), (0.05, 0.1), (0.02, 0.05))
"""The screen's light on the face by the room's: a large screen in a dim room, an office at arm's
length, a small screen, a bright hall."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one simulated visit gave: how strongly the face answered and what was made of it, with
    the reach known and without."""

    strength: float
    known: Answer
    unknown: Answer


def visit(kind: str, reach: float, rng: np.random.Generator) -> Visit:
    """One visit of a kind of KINDS, at a door whose screen adds ``reach`` of the room's light."""
    rate = float(rng.choice([30, 30, 25, 15, 10]))
    code = draw_code(lambda below: int(rng.integers(below)))
    length = len(code) * STEP + SETTLES
    times = (
        np.arange(0, length, 1 / rate) + rng.uniform(-0.3, 0.3, int(np.ceil(length * rate))) / rate
    )
    times = np.sort(times[rng.random(len(times)) > rng.choice([0, 0, 0.2, 0.5])])
    delay = rng.uniform(0.04, 0.36)
    colours = np.array([linear(colour) for colour in code])
    # An LCD takes some milliseconds, a frame is exposed for up to a thirtieth of a second.
    shown = np.mean(
        [
            colours[np.clip((times - delay - part) // STEP, 0, len(code) - 1).astype(int)]
            * (times - delay - part >= 0)[:, None]
            for part in np.linspace(0, 0.03, 4)
        ],
        axis=0,
    )
    room = np.array([rng.uniform(0.75, 1.25), 1.0, rng.uniform(0.75, 1.25)])
    room = room * (1 + _walk(times, 0.01, rng)[:, None])  # clouds, lamps
    share = 1 + _walk(times, 0.05, rng)[:, None]  # the head moves to and fro
    screen = reach * rng.uniform(0.7, 1.3) * share * shown
    albedo = rng.uniform(0.1, 0.6) * np.array([1.0, rng.uniform(0.5, 0.75), rng.uniform(0.3, 0.65)])
    if kind in ("live", "paper"):
        face = albedo * (room + screen) * (1 + _walk(times, 0.03, rng)[:, None])
        if kind == "live":
            face = face * (1 + _walk(times, 0.004, rng, 3))  # shade, lips, blood
    else:
        own = rng.uniform(0.3, 1.5) * albedo
        glass = rng.uniform(0.02, 0.06)
        face = own * (1 + _walk(times, 0.01, rng)[:, None]) + glass * (room + screen)
        face = face * (1 + _walk(times, 0.002, rng, 3))
    # Behind, a wall some times as far away; hands around a phone are as near as that.
    behind = reach * rng.uniform(0.0, 0.3) * shown
    if kind == "phone in a bright hand":
        behind = behind + 0.5 * screen
    around = rng.uniform(0.1, 0.8) * rng.uniform(0.7, 1.3, 3) * (room + behind)
    around = around * (1 + _walk(times, 0.01, rng)[:, None])
    skins, walls = _camera(times, face, around, rng)
    lit = [Lit(tuple(a), tuple(b)) for a, b in zip(skins, walls, strict=True)]
    found = response(times.tolist(), lit, code, 0.0)
    return Visit(
        found.strength if found is not None else np.nan,
        judge(found, Judgement(reach=reach)),
        judge(found, Judgement()),
    )


def table(draws: int, seed: int = 0) -> str:
    """Markdown: of ``draws`` visits of each kind and reach, how many were said to answer, not to
    answer, or could not be told; with the reach known, and in brackets without."""
    rng = np.random.default_rng(seed)
    lines = [
        "| screen's light by the room's | shown | answers | does not | can't be told |",
        "|---|---|---|---|---|",
    ]
    for least, most in REACHES:
        for kind in KINDS:
            visits = [visit(kind, float(rng.uniform(least, most)), rng) for _ in range(draws)]
            cells = [
                f"{_share(visits, answer, 'known')} ({_share(visits, answer, 'unknown')})"
                for answer in (Answer.PRESENT, Answer.ABSENT, Answer.UNKNOWN)
            ]
            lines.append(f"| {least:.0%} to {most:.0%} | {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(visits: Sequence[Visit], answer: Answer, which: str) -> str:
    return f"{sum(getattr(one, which) is answer for one in visits) / len(visits):.1%}"


def _walk(times: Floats, size: float, rng: np.random.Generator, columns: int = 0) -> Floats:
    """Something that wanders within about ``size`` in a second or so, (n,) or (n, columns)."""
    n = len(times)
    steps = rng.normal(0, 1, (n, max(columns, 1)))
    keep = np.exp(-np.diff(times, prepend=times[0] if n else 0.0) / 0.7)
    out = np.empty_like(steps)
    last = rng.normal(0, 1, max(columns, 1))
    for i in range(n):
        last = keep[i] * last + np.sqrt(max(1 - keep[i] ** 2, 0)) * steps[i]
        out[i] = last
    return size * (out if columns else out[:, 0])


def _camera(
    times: Floats, face: Floats, around: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """What a camera makes of the light of both: (n, 3) each, linear, 0 to 1."""
    slow = rng.uniform(0.3, 2.0)  # seconds that exposure takes, white rather longer
    whiter = rng.uniform(0.0, 0.8)  # how much of a tint is taken away
    picture = 0.3 * face + 0.7 * around
    target = rng.uniform(0.12, 0.25)
    exposure, white = target / picture[0].mean(), np.ones(3)
    skins, walls = np.empty_like(face), np.empty_like(around)
    before = times[0]
    for i, now in enumerate(times):
        step = 1 - np.exp(-(now - before) / slow)
        before = now
        wanted = target / picture[i].mean()
        exposure += step * (wanted - exposure)
        grey = picture[i].mean() / picture[i]
        white += 0.5 * step * (whiter * grey + (1 - whiter) - white)
        for out, light in ((skins, face[i]), (walls, around[i])):
            out[i] = _pixels(light * exposure * white, rng)
    return skins, walls


def _pixels(light: Floats, rng: np.random.Generator) -> Floats:
    """The mean of some hundred pixels in sRGB with noise and eight bits, linear again."""
    shade = rng.normal(1, 0.15, (150, 1))
    value = np.clip(light * shade, 0, 1)
    srgb = np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055) * 255
    seen = np.clip(np.round(srgb + rng.normal(0, 3, srgb.shape)), 0, 255)
    return np.asarray(linear(seen).mean(axis=0))
