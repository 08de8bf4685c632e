"""The crops that a configuration trains on, real and made up, and those it holds out."""

from __future__ import annotations

from pathlib import Path

from kiosk.lab.data.blend import with_blends
from kiosk.lab.data.crops import CropSet, Split, load_crops, split_by_identity
from kiosk.lab.training.config import TrainConfig


def training_set(config: TrainConfig, data: Path, cache_dir: Path) -> tuple[CropSet, Split]:
    """Crops and their split by identity, the same for the same configuration and files.

    Of few crops a tenth is held out.
    """
    crops = load_crops(data, cache_dir, config.sources)
    held_out = min(config.held_out, -(-len(crops) // 10))
    split = split_by_identity(crops, held_out, config.seed)
    return with_blends(crops, split, config.blends, config.seed)
