"""Judge encoders on pictures of identities: LFW, or any folder of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.evaluation.conditions import PairOf, Share
from kiosk.lab.evaluation.identification import Identification, OpenSet, identify, open_set
from kiosk.lab.evaluation.metrics import (
    Doubles,
    Floats,
    OperatingPoint,
    PairScores,
    equal_error_rate,
    error_curve,
    operating_points,
    score_pairs,
    threshold_at,
)
from kiosk.lab.evaluation.verification import AllowDeny, Pair, View2, allow_deny, view2
from kiosk.vision.manifest import StatedThreshold

FARS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
REPORT_FAR = 1e-3  # the report's Annex B
ENOUGH_PICTURES = 10  # the report's LFW people


@dataclass(frozen=True, slots=True, eq=False)
class SetResult:
    """All that is measured of one encoder on one set of faces."""

    name: str
    people: int
    pictures: int
    genuine: int
    impostors: int
    points: tuple[OperatingPoint, ...]
    eer: float
    table: AllowDeny
    identification: Identification
    open_set: tuple[OpenSet, ...]
    scores: PairScores
    thresholds: Doubles
    far: Doubles
    frr: Doubles

    def curve(self) -> ErrorCurve:
        """For the manifest."""
        return ErrorCurve(
            self.thresholds, self.far, self.frr, self.name, self.genuine, self.impostors
        )

    def stated_thresholds(self) -> dict[str, StatedThreshold]:
        """For the manifest: FAR as text to threshold with its interval."""
        return {
            f"1e-{round(-np.log10(p.far))}": StatedThreshold(
                round(p.threshold, 4), round(p.threshold_low, 4), round(p.threshold_high, 4)
            )
            for p in self.points
        }


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """One encoder's figures: on every set of faces, and View 2 where the pairs are given.

    worst_genuine, worst_impostor: pairs of rows of the first set, the worst first.
    shares: accepted pairs by pose, blur, size and group, at FAR 0.1% of the first set.
    """

    encoder: str
    sets: tuple[SetResult, ...]
    view2: View2 | None
    view2_without: View2 | None
    worst_genuine: tuple[PairOf, ...] = ()
    worst_impostor: tuple[PairOf, ...] = ()
    shares: tuple[Share, ...] = ()


def judge(name: str, embeddings: Floats, identities: Sequence[str], resamples: int) -> SetResult:
    """Everything on one set of faces."""
    scores = score_pairs(embeddings, identities)
    fars = [far for far in FARS if far * scores.impostors >= 10]
    thresholds, far, frr = error_curve(scores)
    return SetResult(
        name=name,
        people=len(set(identities)),
        pictures=len(identities),
        genuine=len(scores.genuine),
        impostors=scores.impostors,
        points=tuple(operating_points(scores, fars, resamples)),
        eer=equal_error_rate(scores),
        table=allow_deny(scores, threshold_at(scores, REPORT_FAR)),
        identification=identify(embeddings, identities),
        open_set=tuple(open_set(embeddings, identities)),
        scores=scores,
        thresholds=thresholds,
        far=far,
        frr=frr,
    )


def people_with(identities: Sequence[str], least: int) -> NDArray[np.int64]:
    """Rows of people with at least so many pictures."""
    _, place, counts = np.unique(identities, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[place] >= least)


def evaluate(
    encoder: str,
    embeddings: Floats,
    names: Sequence[str],
    identities: Sequence[str],
    dataset: str,
    folds: list[list[Pair]] | None = None,
    also_in_train: frozenset[str] = frozenset(),
    resamples: int = 200,
) -> Evaluation:
    """Judge one encoder's embeddings (n, dimension) of the pictures `names`.

    also_in_train: people whom the training crops may hold; everything is measured with and
    without them.
    """
    people = np.asarray(identities)

    def two(rows: NDArray[np.int64]) -> bool:
        """Two people, so that there is something to tell apart, and one twice."""
        names = set(people[rows].tolist())
        return 1 < len(names) < len(rows)

    kept = np.flatnonzero(~np.isin(people, sorted(also_in_train)))
    often = people_with(identities, ENOUGH_PICTURES)
    parts = [(f"all pairs of {dataset}", np.arange(len(people)))]
    if two(often) and len(often) < len(people):
        parts.append((f"{dataset}, people with at least {ENOUGH_PICTURES} pictures", often))
    if two(kept) and len(kept) < len(people):
        parts.append((f"{dataset} without people also in training", kept))
        few = np.intersect1d(kept, often)
        if two(few):
            parts.append((f"the same, people with at least {ENOUGH_PICTURES} pictures", few))
    sets = tuple(
        judge(name, embeddings[rows], people[rows].tolist(), resamples) for name, rows in parts
    )
    with_all = without = None
    if folds is not None:
        row_of = {Path(name).with_suffix("").as_posix(): row for row, name in enumerate(names)}
        missing = sorted({p for fold in folds for pair in fold for p in pair[:2]} - set(row_of))
        if missing:
            raise BadInput(
                f"{len(missing)} pictures of the pairs are not among the {len(names)} given, "
                f"{missing[0]} among them; give the pairs that belong to the pictures."
            )
        with_all = view2(embeddings, row_of, folds)
        strangers = [
            [p for p in fold if not {p[0].split("/")[0], p[1].split("/")[0]} & also_in_train]
            for fold in folds
        ]
        without = view2(embeddings, row_of, strangers) if also_in_train else None
    return Evaluation(encoder, sets, with_all, without)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Figures only: what metrics.json holds."""

    def one(result: SetResult) -> dict[str, Any]:
        return {
            "set": result.name,
            "people": result.people,
            "pictures": result.pictures,
            "genuine_pairs": result.genuine,
            "impostor_pairs": result.impostors,
            "eer": result.eer,
            "operating_points": [asdict(point) for point in result.points],
            "allow_deny": asdict(result.table),
            "identification": {
                "accuracy": result.identification.accuracy,
                "macro_f1": result.identification.macro_f1,
                "people": result.identification.people,
                "probes": result.identification.probes,
            },
            "open_set": [asdict(point) for point in result.open_set],
        }

    return {
        "encoder": evaluation.encoder,
        "view2": evaluation.view2 and asdict(evaluation.view2),
        "view2_without_people_also_in_training": evaluation.view2_without
        and asdict(evaluation.view2_without),
        "sets": [one(result) for result in evaluation.sets],
        "accepted_at_far_0.1%": [asdict(share) for share in evaluation.shares],
    }


def write_json(evaluations: Sequence[Evaluation], path: Path) -> None:
    """metrics.json: a list, one entry an encoder."""
    path.write_text(json.dumps([as_json(e) for e in evaluations], indent=1) + "\n")
