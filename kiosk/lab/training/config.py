"""What a training run is made of: one frozen value, written into its checkpoint."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from kiosk.lab.data.augment import Augmentation
from kiosk.lab.data.crops import TRAIN_SOURCES


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """A distillation run.

    The rate is constant (after a warm-up) for as long as wanted; when an export is due a branch
    leaves the run with the rate falling linearly to nothing, and the
    run itself goes on later from where the branch left ("warm-up, stable, decay": Hu 2024).
    """

    name: str = "efficientfacenet"
    sources: tuple[str, ...] = TRAIN_SOURCES
    held_out: int = 1000
    blends: int = 200_000
    seed: int = 0
    dimension: int = 128
    batch: int = 128
    size: int = 112
    muon_rate: float = 0.02
    muon_momentum: float = 0.95
    muon_decay: float = 0.03
    adam_rate: float = 1e-3
    adam_decay: float = 0.01
    warmup: int = 100
    average: float = 0.998
    relations: float = 0.0  # weights of what may be asked beside the distance to the teacher
    margin: float = 0.0
    augmentation: Augmentation = field(default_factory=Augmentation)

    def identity(self) -> dict[str, Any]:
        """What must be equal for a checkpoint to be continued: the size and the number of made-up
        people may change on the way."""
        values = asdict(self)
        del values["size"], values["blends"]
        return values
