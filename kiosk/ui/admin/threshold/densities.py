"""From error curves and scores to the two hills of the threshold plot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.threshold import ErrorCurve

Numbers = NDArray[np.float64]

BINS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Densities:
    """``scores`` (n,) are points; ``strangers`` and ``right`` (n,) how common they
    are among pairs of different people and of the same person, each with a peak of 1."""

    scores: Numbers
    strangers: Numbers
    right: Numbers


def of_curve(curve: ErrorCurve) -> Densities:
    """The densities behind a curve: FAR falls where strangers' scores lie, FRR rises where the
    right person's do, so each is a derivative."""
    edges = np.linspace(curve.thresholds[0], curve.thresholds[-1], BINS + 1)
    passed = np.interp(edges, curve.thresholds, curve.far)
    missed = np.interp(edges, curve.thresholds, curve.frr)
    return Densities(
        (edges[:-1] + edges[1:]) / 2,
        _peak(_smooth(np.clip(-np.diff(passed), 0, None))),
        _peak(_smooth(np.clip(np.diff(missed), 0, None))),
    )


def of_scores(scores: NDArray[np.float32], centres: Numbers) -> Numbers:
    """How common some scores are around each of ``centres`` (n,), with a peak of 1."""
    step = centres[1] - centres[0]
    edges = np.append(centres - step / 2, centres[-1] + step / 2)
    counts, _ = np.histogram(np.clip(scores, edges[0], edges[-1]), edges)
    # Few scores say little about where others would lie: their hill is broad.
    return _peak(_smooth(counts.astype(np.float64), width=3 if len(scores) >= 100 else 6))


def _smooth(values: Numbers, width: int = 2) -> Numbers:
    # A Gaussian of ``width`` bins: the derivative of a measured curve is ragged.
    reach = np.arange(-3 * width, 3 * width + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    return np.convolve(values, kernel / kernel.sum(), mode="same")


def _peak(values: Numbers) -> Numbers:
    top = values.max(initial=0.0)
    return values / top if top > 0 else values
