"""Picture files to RGB arrays: what can't be one ends in a sentence, never in a crash."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from kiosk.domain.errors import BadImage, BadInput
from kiosk.domain.frame import Image

if TYPE_CHECKING:
    from PIL import Image as Pillow

MAX_PIXELS: Final = 50_000_000
"""Larger pictures are refused by the size in their header, before anything is decoded."""
MAX_BYTES: Final = 200_000_000
LONG_SIDE: Final = 2000
"""Larger pictures are scaled down to this: a face that fills one has detail to spare."""

SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".dib", ".tif", ".tiff"}
    | {".gif", ".ppm", ".pgm", ".avif"}
)

# Not all that Pillow knows: some of its readers start other programs (EPS) or are rarely tried.
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "AVIF")
_SCALABLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})


def load_image(path: Path) -> Image:
    """Read a picture upright, with transparency on white, at most ``LONG_SIDE`` px a side.

    Greyscale, palette, 16-bit and CMYK pictures become RGB; of an animation the first picture
    is taken. About 20 ms for a photograph of 2 megapixels. Any thread.

    Raises:
        BadImage: missing, empty, truncated, no picture or too large.
    """
    data = _read(path)
    with warnings.catch_warnings():
        # Pillow warns of oddities, such as a damaged EXIF block, that do no harm here.
        warnings.simplefilter("ignore")
        return _decode(data, path.name)


def image_files(folder: Path) -> list[Path]:
    """The files of a folder that are named like pictures, in natural order (2 before 10).

    Hidden files and folders within are left out.

    Raises:
        BadInput: the folder can't be read.
    """
    return [path for path in visible_files(folder) if path.suffix.lower() in SUFFIXES]


def visible_files(folder: Path) -> list[Path]:
    """All files of a folder but hidden ones, in natural order.

    Raises:
        BadInput: the folder can't be read.
    """
    try:
        return natural_order(
            path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
        )
    except OSError as error:
        raise BadInput(
            f"Expected a folder that can be read, but {folder} can't be: {error.strerror}."
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
                f"{path.name} is {size / 1e6:,.0f} MB; pictures of up to {MAX_BYTES / 1e6:.0f} MB "
                "are read. Save it smaller, for example as JPEG."
            )
        # Not the name but the bytes go to the decoder: some can't open every Unicode name.
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadImage(f"There is no file {path}. Check the name.") from None
    except IsADirectoryError:
        raise BadImage(f"Expected a picture, but {path} is a folder.") from None
    except OSError as error:
        raise BadImage(f"{path.name} can't be read: {error.strerror}.") from None
    except ValueError:  # a zero byte within the name
        raise BadImage(f"{str(path)!r} can't be a file's name.") from None
    if not data:
        raise BadImage(f"{path.name} is empty (0 bytes). Copy it again from where it came.")
    return data


def _decode(data: bytes, name: str) -> Image:
    from PIL import Image as Pillow

    try:
        image = Pillow.open(BytesIO(data), formats=_FORMATS)
    except Pillow.DecompressionBombError:
        raise BadImage(_too_large(name)) from None
    except Exception:  # Pillow's readers raise many kinds for bytes that they can't make out.
        raise BadImage(
            f"{name} is not a picture that can be read. Use JPEG, PNG, WebP or BMP."
        ) from None
    if image.width * image.height > MAX_PIXELS:
        raise BadImage(_too_large(name, f"{image.width} x {image.height} pixels"))
    try:
        # JPEG can leave out detail while it decodes: large photographs load in a quarter.
        image.draft(None, (LONG_SIDE, LONG_SIDE))
        image.load()
        if image.mode in _SCALABLE:  # Smaller first, so that converting takes less memory.
            image.thumbnail((LONG_SIDE, LONG_SIDE))
        upright = _upright(_to_rgb(image))
        upright.thumbnail((LONG_SIDE, LONG_SIDE))
    except Exception as error:
        raise BadImage(
            f"{name} is damaged or cut off ({error}). Copy it again from where it came."
        ) from None
    return np.array(upright, dtype=np.uint8)


def _too_large(name: str, size: str = "far too many pixels") -> str:
    return (
        f"{name} has {size}; pictures of up to {MAX_PIXELS / 1e6:.0f} megapixels are read. "
        "Save it smaller."
    )


def _upright(image: Pillow.Image) -> Pillow.Image:
    """Turned as the camera was held, by the EXIF orientation."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # A damaged EXIF block does not make the picture useless.
        return image


def _to_rgb(image: Pillow.Image) -> Pillow.Image:
    from PIL import Image as Pillow

    if image.mode == "RGB":
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _from_wide(image)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        white = Pillow.new("RGBA", seen.size, "white")
        flat = Pillow.alpha_composite(white, seen).convert("RGB")
    else:
        flat = image.convert("RGB")
    # convert() keeps the EXIF block; what is built anew has to be given it.
    flat.info.setdefault("exif", image.info.get("exif", b""))
    return flat


def _from_wide(image: Pillow.Image) -> Pillow.Image:
    """Greys of 16 or 32 bits, scaled to 8 where their values need more."""
    from PIL import Image as Pillow

    grey = np.nan_to_num(np.asarray(image, dtype=np.float32))
    largest = float(grey.max())
    if largest > 255:
        grey = grey * (255.0 / max(largest, 65535.0))
    return Pillow.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")
