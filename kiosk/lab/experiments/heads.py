"""Verification heads: a shallow classifier on two of the teacher's embeddings."""

from kiosk.lab.experiments.config import Experiment
from kiosk.lab.networks.layout import Features

_KINDS: tuple[tuple[Features, str], ...] = (
    ("concatenated", "the two embeddings side by side"),
    ("commutative", "product and squared difference"),
)

ROWS = tuple(
    Experiment(
        f"head-{kind}", f"Verification head on {words}", "no better than cosine",
        trunk="pair-head", objective="pair", features=kind, pretrained=False, batch=256,
    )
    for kind, words in _KINDS
)  # fmt: skip
