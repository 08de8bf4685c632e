"""Which files are pictures by their name and place: for file dialogs and for whole folders.

What a file holds is told by its bytes (``kiosk.devices.images``); a name only says what to offer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kiosk.domain.errors import BadImage
from kiosk.domain.language import _

PICTURE_SUFFIXES: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".heic", ".heif", ".hif", ".avif", ".png"),
    *(".webp", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".jp2", ".j2k", ".jpx", ".ppm", ".pgm"),
)
"""Endings of the pictures that are read, in small letters, the usual ones first."""


def is_picture_name(name: str) -> bool:
    """Whether a file is called like a picture, whatever its case."""
    return name.lower().endswith(PICTURE_SUFFIXES)


def require_inside(path: Path, folder: Path) -> None:
    """Refuse a link out of a folder that is read as a whole: whoever filled the folder may not
    read all that the kiosk may.

    Raises:
        BadImage: the file lies elsewhere.
    """
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead in a circle
        inside = False
    if not inside:
        raise BadImage(
            _(
                "{name} is a link to a file outside of this folder and was left out. Copy the "
                "picture itself into the folder."
            ).format(name=path.name)
        )
