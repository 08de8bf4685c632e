"""What picture files are called: for file dialogs and for folders that are read as a whole.

What a file holds is told by its bytes (``kiosk.devices.images``); a name only says what to offer.
"""

from __future__ import annotations

from typing import Final

PICTURE_SUFFIXES: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".heic", ".heif", ".hif", ".avif", ".png"),
    *(".webp", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".jp2", ".j2k", ".jpx", ".ppm", ".pgm"),
)
"""Endings of the pictures that are read, in small letters, the usual ones first."""


def is_picture_name(name: str) -> bool:
    """Whether a file is called like a picture, whatever its case."""
    return name.lower().endswith(PICTURE_SUFFIXES)
