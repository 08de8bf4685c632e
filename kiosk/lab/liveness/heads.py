"""From what the network sees to how live a face is: logistic regression, one for each round.

The network itself was told nobody's label: it copies MiniFASNet. The line through its features is
drawn anew by the labels of varied views, for each round without whom it is judged on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput

Floats = NDArray[np.float32]
STRICTNESS = 0.02  # scikit-learn's C: less is simpler


@dataclass(frozen=True, slots=True)
class Head:
    """weights: float32 (FEATURES,); bias."""

    weights: Floats
    bias: float

    def odds(self, features: Floats) -> Floats:
        """The logarithms of the odds that each is live, float32 (n,)."""
        return np.asarray(features @ self.weights + self.bias, np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """To be kept under a round's name."""
        return {f"{name}:weights": self.weights, f"{name}:bias": np.float32(self.bias)}  # type: ignore[dict-item]


def read_head(arrays: Mapping[str, NDArray[Any]], name: str) -> Head:
    """What ``Head.arrays`` gave.  Raises BadInput where it is not there."""
    try:
        return Head(np.asarray(arrays[f"{name}:weights"]), float(arrays[f"{name}:bias"]))
    except KeyError as error:
        raise BadInput(
            f"What the round {name} learned is missing; give the file that `train-liveness` wrote."
        ) from error


def fit(features: Floats, live: NDArray[np.bool_], groups: NDArray[np.str_]) -> Head:
    """Of n views.  Live faces count as much as attacks, and of several ``groups``, a source each,
    a large one more than a small one by the root of how many views it has."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    _, group, counts = np.unique(
        np.char.add(groups, np.where(live, "+", "-")), return_inverse=True, return_counts=True
    )
    count = 1 / np.sqrt(counts[group])
    for side in (live, ~live):
        count[side] *= len(live) / 2 / max(count[side].sum(), 1e-9)
    model = LogisticRegression(C=STRICTNESS, max_iter=300)
    model.fit((features - mean) / spread, live, count)
    weights = np.asarray(model.coef_[0] / spread, np.float32)
    return Head(weights, float(model.intercept_[0] - weights @ mean))
