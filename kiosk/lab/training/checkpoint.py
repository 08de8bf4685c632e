"""Checkpoints: written whole or not at all, and refused when they are of another run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.training.config import TrainConfig


def save(path: Path, state: dict[str, Any]) -> None:
    """Write beside and rename, so that a stop at any moment leaves the last good one."""
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise EnvironmentFailed(
            f"The checkpoint {path} could not be written ({error}); free some disk and start "
            "again with --resume: the checkpoint before is untouched."
        ) from error


def load(path: Path, config: TrainConfig, free: Collection[str] = ()) -> dict[str, Any]:
    """Read a checkpoint of the same configuration, what is named in `free` apart.

    What an older checkpoint does not say yet has its default.  Raises BadInput for any other.
    """
    try:
        state = torch.load(path, weights_only=True)
    except FileNotFoundError as error:
        raise BadInput(
            f"There is no checkpoint {path} to resume; start without --resume."
        ) from error
    except Exception as error:  # pickle, zip and torch each have their own
        raise BadInput(
            f"{path} should be a checkpoint of this lab, but can't be read ({error}); "
            "remove it to start afresh."
        ) from error
    ours = {k: list(v) if isinstance(v, tuple) else v for k, v in config.identity().items()}
    theirs = TrainConfig().identity() | state["config"]
    different = sorted(k for k in ours.keys() - set(free) if ours[k] != theirs[k])
    if different:
        raise BadInput(
            f"{path} is a checkpoint of another configuration: "
            + ", ".join(f"{k} is {theirs.get(k)} there, {ours.get(k)} here" for k in different)
            + "; give another --runs folder or the same configuration."
        )
    return dict(state)
