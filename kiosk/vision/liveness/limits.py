"""Where the shipped network's answers are called live or an attack: with the weights, in the
manifest, since they mean nothing for others."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.domain.errors import ModelError
from kiosk.domain.language import _
from kiosk.domain.liveness.passive import SHIPPED, Against, Limits
from kiosk.vision.manifest import MANIFEST_NAME, read_manifest, write_liveness_entry

_CUES = ("motion", "changed")


def read_limits(models: Path) -> Limits:
    """The limits of the folder ``models``; what its manifest leaves out is as ``SHIPPED``.

    Raises:
        ModelError: they are not what ``Limits`` holds.
    """
    entry: dict[str, Any] = dict(read_manifest(models).liveness)
    try:
        against = {name: Against(**entry.pop(name)) for name in _CUES if name in entry}
        return Limits(
            **(asdict(SHIPPED) | {n: getattr(SHIPPED, n) for n in _CUES} | entry | against)
        )
    except (AttributeError, TypeError) as error:
        raise ModelError(
            _(
                "{what} should say under liveness where a face is called live, but reading it "
                "failed: {error}. Restore it from the release."
            ).format(what=models / MANIFEST_NAME, error=error)
        ) from error


def write_limits(models: Path, limits: Limits) -> None:
    """Store the limits that belong to the network in ``models``."""
    write_liveness_entry(models, asdict(limits))
