"""What an experiment is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.lab.networks.layout import Features, Pooling, Trunk

Objective = Literal["triplet", "cosine", "euclidean", "pair"]
Mining = Literal["random", "hard", "semi-hard"]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One row of the report.

    title, reported: the row and the figure as the report has them.
    trainable_from: first trained layer, by number or start of its name; None for all.
    start: an experiment whose weights it starts from, instead of ImageNet's.
    people: people in a batch of triplets; the batch holds batch / people crops of each.
    features: what a pair's classifier is shown.
    scale: the share of the network's channels; less than 1 proves that the row runs, untrained.
    """

    name: str
    title: str
    reported: str
    trunk: Trunk
    objective: Objective = "triplet"
    mining: Mining = "semi-hard"
    size: int = 112
    dimension: int = 128
    pooling: Pooling = "average"
    trainable_from: str | int | None = None
    pretrained: bool = True
    start: str | None = None
    batch: int = 64
    people: int = 16
    rate: float = 1e-3
    margin: float = 0.2
    features: Features = "commutative"
    seed: int = 0
    scale: float = 1.0
