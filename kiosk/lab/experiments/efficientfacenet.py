"""The report's three EfficientFaceNets and their options.

The encoder that ships is `efficientfacenet`, trained by kiosk.lab.training.distil: see
training/config.py.
"""

from dataclasses import replace

from kiosk.lab.experiments.config import Experiment

ONE = Experiment(
    "efficientfacenet-1", "EfficientFaceNet 1: EfficientNet-B0, triplet loss",
    "accuracy 0.46, macro F1 0.33", trunk="efficientnet-b0", pooling="gdc",
)  # fmt: skip
TWO = replace(
    ONE, name="efficientfacenet-2", objective="cosine",
    title="EfficientFaceNet 2: distilled by cosine", reported="accuracy 0.74, macro F1 0.62",
)  # fmt: skip
THREE = replace(
    ONE, name="efficientfacenet-3", start=TWO.name, rate=1e-4,
    title="EfficientFaceNet 3: 2, then online semi-hard triplets",
    reported="accuracy 0.76, macro F1 0.66; TAR 0.518 at FAR 0.1%",
)  # fmt: skip


def _option(base: Experiment, suffix: str, title: str, **changes: object) -> Experiment:
    return replace(
        base, name=f"{base.name}-{suffix}", title=f"{base.title}, {title}",
        reported="an option of it", **changes,  # type: ignore[arg-type]
    )  # fmt: skip


ROWS = (
    ONE,
    TWO,
    _option(TWO, "euclidean", "by Euclidean distance", objective="euclidean"),
    THREE,
    _option(ONE, "random", "random triplets", mining="random"),
    _option(ONE, "hard", "hard triplets (they collapse)", mining="hard"),
    _option(ONE, "frozen", "frozen up to block 6", trainable_from="block6a"),
    _option(TWO, "average", "average pooling", pooling="average"),
    _option(TWO, "160", "160 px", size=160),
    _option(TWO, "224", "224 px", size=224),
)
