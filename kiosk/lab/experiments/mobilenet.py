"""MobileNetV1, triplet loss, 128 numbers, L2: the report's three rates and batches."""

from kiosk.lab.experiments.config import Experiment

ROWS = tuple(
    Experiment(
        name, f"MobileNetV1, triplet loss, batch {batch}, rate {rate}", reported,
        trunk="mobilenet", size=160, batch=batch, rate=rate,
    )
    for name, batch, rate, reported in (
        ("mobilenet-64", 64, 0.02, "F1 0.42"),
        ("mobilenet-128", 128, 0.002, "F1 0.45"),
        ("mobilenet-64-slow", 64, 0.0002, "F1 0.46"),
    )
)  # fmt: skip
