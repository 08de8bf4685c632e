"""LFW's View 2, and the Allow/Deny table of the report's Annex B."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.evaluation.metrics import Floats, PairScores


@dataclass(frozen=True, slots=True)
class View2:
    """Accuracy over ten folds: mean and standard error of the mean, 0 to 1."""

    mean: float
    standard_error: float
    folds: tuple[float, ...]


Pair = tuple[str, str, bool]  # picture, picture, genuine


def read_pairs(path: Path) -> list[list[Pair]]:
    """LFW's pairs.txt as folds of (NAME/NAME_0001, NAME/NAME_0002, genuine)."""
    try:
        lines = [line.split("\t") for line in path.read_text().splitlines() if line.strip()]
        folds, each = int(lines[0][0]), int(lines[0][1])
        pairs: list[Pair] = []
        for fields in lines[1:]:
            if len(fields) == 3:
                name, i, j = fields
                pairs.append((_picture(name, i), _picture(name, j), True))
            else:
                first, i, second, j = fields
                pairs.append((_picture(first, i), _picture(second, j), False))
    except (OSError, ValueError, IndexError) as error:
        raise BadInput(
            f"{path} should be LFW's pairs.txt (first line: folds and pairs a fold), but can't be "
            f"read ({error}); fetch it again."
        ) from error
    if len(pairs) != folds * each * 2:
        raise BadInput(
            f"{path} promises {folds} folds of 2 x {each} pairs, but holds {len(pairs)} pairs; "
            "fetch it again."
        )
    return [pairs[start : start + 2 * each] for start in range(0, len(pairs), 2 * each)]


def _picture(name: str, number: str) -> str:
    return f"{name}/{name}_{int(number):04d}"


def best_threshold(scores: Floats, genuine: NDArray[np.bool_]) -> float:
    """The threshold with the highest accuracy; the middle one where several are equal."""
    order = np.argsort(scores)
    s, g = scores[order], genuine[order]
    # accepting from place k on: genuine at or after k and impostors before it are right
    right = np.concatenate([[0], np.cumsum(~g)]) + (g.sum() - np.concatenate([[0], np.cumsum(g)]))
    right[1:-1][s[1:] == s[:-1]] = -1  # no threshold parts equal scores
    cuts = np.concatenate([[s[0] - 1e-3], (s[1:] + s[:-1]) / 2, [s[-1] + 1e-3]])
    best = np.flatnonzero(right == right.max())
    return float(cuts[best[len(best) // 2]])


def view2(embeddings: Floats, row_of: Mapping[str, int], folds: list[list[Pair]]) -> View2:
    """Each fold is judged at the threshold that is best on the nine others (Huang 2007)."""
    scored = []
    for fold in folds:
        a = embeddings[[row_of[first] for first, _, _ in fold]]
        b = embeddings[[row_of[second] for _, second, _ in fold]]
        scored.append((np.einsum("ij,ij->i", a, b), np.array([g for _, _, g in fold])))
    accuracies = []
    for k, (scores, genuine) in enumerate(scored):
        rest = [pair for i, pair in enumerate(scored) if i != k]
        threshold = best_threshold(
            np.concatenate([s for s, _ in rest]), np.concatenate([g for _, g in rest])
        )
        accuracies.append(float(np.mean((scores >= threshold) == genuine)))
    error = float(np.std(accuracies, ddof=1) / np.sqrt(len(accuracies)))
    return View2(float(np.mean(accuracies)), error, tuple(accuracies))


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A row of a classification report: shares 0 to 1 and the number of cases."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class AllowDeny:
    """The report's Annex B: all pairs at one threshold."""

    threshold: float
    accuracy: float
    rows: tuple[ClassRow, ...]  # Deny, Allow, macro average, weighted average


def _row(name: str, right: int, said: int, support: int) -> ClassRow:
    precision = right / said if said else 0.0
    recall = right / support if support else 0.0
    both = precision + recall
    return ClassRow(
        name, precision, recall, 2 * precision * recall / both if both else 0.0, support
    )


def allow_deny(scores: PairScores, threshold: float) -> AllowDeny:
    """Precision, recall, F1 and support of Allow (genuine pairs) and Deny (impostor pairs).

    Raises BadInput where the threshold lies below the impostor scores that were kept.
    """
    if threshold <= scores.tail[-1] and len(scores.tail) < scores.impostors:
        raise BadInput(
            f"The threshold {threshold:.3f} lies below the impostor scores that were kept "
            f"({scores.tail[-1]:.3f}); give one with a FAR of at most 1%."
        )
    allowed = int((scores.genuine >= np.float32(threshold)).sum())
    wrongly = int((scores.tail >= np.float32(threshold)).sum())
    genuine, impostors = len(scores.genuine), scores.impostors
    denied = impostors - wrongly
    deny = _row("Deny", denied, denied + genuine - allowed, impostors)
    allow = _row("Allow", allowed, allowed + wrongly, genuine)
    total = genuine + impostors

    def average(name: str, weight: float) -> ClassRow:
        def mean(a: float, b: float) -> float:
            return weight * a + (1 - weight) * b

        return ClassRow(
            name,
            mean(deny.precision, allow.precision),
            mean(deny.recall, allow.recall),
            mean(deny.f1, allow.f1),
            total,
        )

    averages = (average("macro average", 0.5), average("weighted average", impostors / total))
    return AllowDeny(threshold, (allowed + denied) / total, (deny, allow, *averages))
