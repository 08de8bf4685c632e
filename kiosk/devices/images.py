"""Picture files to RGB arrays: what can't be one ends in a sentence, never in a crash."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kiosk.devices.decode import decode
from kiosk.domain.errors import BadImage, BadInput
from kiosk.domain.files import read_regular
from kiosk.domain.frame import Image
from kiosk.domain.language import _
from kiosk.domain.pictures import is_picture_name

MAX_BYTES: Final = 200_000_000


def load_image(path: Path) -> Image:
    """Read a picture upright, with transparency on white, at most 2000 px a side.

    Whatever it is called: its bytes tell what it is. JPEG, HEIC, AVIF, PNG, WebP, TIFF, BMP, GIF,
    JPEG 2000 and PPM, in all their depths and colours, become RGB of 8 bits. About 20 ms for a
    photograph of 2 megapixels. Any thread.

    Raises:
        BadImage: missing, empty, no file, truncated, no picture or too large.
    """
    return decode(_read(path), path.name)


def image_files(folder: Path) -> list[Path]:
    """The files of a folder that are named like pictures, in natural order (2 before 10).

    Hidden files and folders within are left out.

    Raises:
        BadInput: the folder can't be read.
    """
    return [path for path in visible_files(folder) if is_picture_name(path.name)]


def visible_files(folder: Path) -> list[Path]:
    """All that lies in a folder but folders and hidden files, in natural order; also what is no
    regular file, so that it is refused by name.

    Raises:
        BadInput: the folder can't be read.
    """
    try:
        return natural_order(
            path for path in folder.iterdir() if not path.is_dir() and not path.name.startswith(".")
        )
    except OSError as error:
        raise BadInput(
            _("Expected a folder that can be read, but {folder} can't be: {reason}.").format(
                folder=folder, reason=error.strerror
            )
        ) from None


def natural_order(paths: Iterable[Path]) -> list[Path]:
    """As people count: ``face2`` before ``face10``, whatever the case."""

    def key(path: Path) -> tuple[list[str | int], str]:
        parts = re.split(r"([0-9]+)", path.name.casefold())
        return [int(part) if part.isdecimal() else part for part in parts], path.name

    return sorted(paths, key=key)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadImage(
                _(
                    "{name} is {size:,.0f} MB; pictures of up to {most:.0f} MB are read. Save it "
                    "smaller, for example as JPEG."
                ).format(name=path.name, size=size / 1e6, most=MAX_BYTES / 1e6)
            )
        # Not the name but the bytes go to the decoder: some can't open every Unicode name.
        data = read_regular(path, MAX_BYTES)
    except FileNotFoundError:
        raise BadImage(_("There is no file {path}. Check the name.").format(path=path)) from None
    except BadImage:
        raise
    except BadInput as error:
        raise BadImage(str(error)) from None
    except OSError as error:
        raise BadImage(
            _("{name} can't be read: {reason}.").format(name=path.name, reason=error.strerror)
        ) from None
    except ValueError:  # a zero byte within the name
        raise BadImage(_("{name!r} can't be a file's name.").format(name=str(path))) from None
    if not data:
        raise BadImage(
            _("{name} is empty (0 bytes). Copy it again from where it came.").format(name=path.name)
        )
    return data
