"""What ships beside the packages that pip installs, with version and licence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.errors import ModelError
from kiosk.libraries import licences
from kiosk.resources import MODELS
from kiosk.vision.manifest import read_manifest


@dataclass(frozen=True, slots=True)
class Part:
    """``sha256`` of a single file, in hexadecimal. ``source`` says where it comes from."""

    name: str
    version: str
    licence: str
    sha256: str = ""
    source: str = ""


DRAWN: Final = (
    Part("inter-font", "4.001", "OFL-1.1", source="https://rsms.me/inter"),
    Part("lucide-icons", "2026", "ISC", source="https://lucide.dev"),
)
"""Their licences' texts lie beside them in ``assets``."""


def model_parts(models: Path = MODELS) -> tuple[Part, ...]:
    """The files of the list of models, in its order; a model's version is its hash.

    Raises:
        ModelError: the list is missing, not signed or not in order.
    """
    return tuple(
        Part(entry.name, entry.sha256[:12], entry.licence, entry.sha256, entry.source)
        for entry in read_manifest(models).files.values()
    )


def all_licences(models: Path = MODELS) -> tuple[tuple[str, str, str], ...]:
    """Name, version and licence of all that the kiosk is made of: packages, models, font, icons.

    Models are left out where their list can't be read: the doctor says so.
    """
    try:
        found = model_parts(models)
    except ModelError:
        found = ()
    parts = (*found, *DRAWN)
    return (*licences(), *((part.name, part.version, part.licence) for part in parts))
