"""The bytes of a picture file to an RGB array, within bounded memory.

The bound: at most 800 MB above what the program takes anyway, for any file. JPEG leaves out detail
while it is decoded, so a photograph of 108 megapixels takes 50 MB (HEIC 500, progressive JPEG 670:
these are limited to 120 megapixels); all else is limited to 50 megapixels, which take up to 750 MB
(WebP).
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from kiosk.devices.capture import shrink
from kiosk.devices.file_kinds import is_heif, is_jpeg, is_raw, raw_sentence, why_no_picture
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Image
from kiosk.domain.language import _

if TYPE_CHECKING:
    from PIL import Image as Pillow

MAX_PIXELS: Final = 50_000_000
"""Larger pictures are refused by the size in their header, before anything is decoded."""
MAX_JPEG_PIXELS: Final = 250_000_000
"""As above, for JPEG that is decoded line by line: all but the progressive kind."""
MAX_PHOTO_PIXELS: Final = 120_000_000
"""As above, for HEIC and progressive JPEG: phones of 108 megapixels make them."""
MAX_JPEG_2000_PIXELS: Final = 40_000_000
"""As above: its decoder takes 18 bytes a pixel, all others at most 15."""
LONG_SIDE: Final = 2000
"""Larger pictures are scaled down to this: a face that fills one has detail to spare."""

# Not all that Pillow knows: some of its readers start other programs (EPS) or are rarely tried.
_FORMATS: Final = ("PNG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "PPM", "AVIF", "JPEG2000")
_SCALABLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})
_DEPTHS: Final = (255.0, 1023.0, 4095.0, 16383.0, 65535.0)
"""The largest values of sensors of 8 to 16 bits."""


def decode(data: bytes, name: str) -> Image:
    """The picture upright and in sRGB, with transparency on white, at most ``LONG_SIDE`` px a side.

    Of an animation, a document of several pages or a portrait photo's layers the first is taken.
    ``name`` is for the sentences.

    Raises:
        BadImage: no picture, damaged, cut off, a raw file, or too large.
    """
    with warnings.catch_warnings():
        # Pillow warns of oddities, such as a damaged EXIF block, that do no harm here.
        warnings.simplefilter("ignore")
        picture = _open(data, name)
        try:
            upright = _upright(_to_rgb(_load(picture)))
            upright.thumbnail((LONG_SIDE, LONG_SIDE))
        except MemoryError:
            raise BadImage(_too_large(name, picture.size, MAX_PIXELS)) from None
        except Exception as error:  # Decoders raise many kinds for bytes that they can't make out.
            raise BadImage(_damaged(name, error)) from None
    return np.array(upright, dtype=np.uint8)


def _open(data: bytes, name: str) -> Pillow.Image:
    """The picture with its header read and its size allowed."""
    from PIL import Image as Pillow
    from PIL.JpegImagePlugin import JpegImageFile

    if is_heif(data):
        return _open_heif(data, name)
    most = MAX_PIXELS
    try:
        if is_jpeg(data):
            # Not by Pillow.open, which refuses 200 megapixels whatever they take.
            picture: Pillow.Image = JpegImageFile(BytesIO(data))
            most = MAX_PHOTO_PIXELS if picture.info.get("progressive") else MAX_JPEG_PIXELS
        else:
            picture = Pillow.open(BytesIO(data), formats=_FORMATS)
            if picture.format == "JPEG2000":
                most = MAX_JPEG_2000_PIXELS
    except Pillow.DecompressionBombError:
        raise BadImage(_too_large(name, None, most)) from None
    except Exception:
        raise BadImage(why_no_picture(data, name)) from None
    _check_size(name, picture.size, most)
    if picture.format == "TIFF" and is_raw(getattr(picture, "tag_v2", None), name):
        raise BadImage(raw_sentence(name))
    return picture


def _open_heif(data: bytes, name: str) -> Pillow.Image:
    """HEIC, decoded: what its library gives is upright already."""
    import pillow_heif
    from PIL import Image as Pillow

    try:
        file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        _check_size(name, file.size, MAX_PHOTO_PIXELS)
        pixels = cast(Image, np.asarray(file))
        small = np.ascontiguousarray(shrink(pixels, LONG_SIDE))
        picture = Pillow.fromarray(small)
    except BadImage:
        raise
    except Exception as error:
        raise BadImage(_damaged(name, error)) from None
    picture.info["icc_profile"] = file.info.get("icc_profile") or b""
    return picture


def _load(picture: Pillow.Image) -> Pillow.Image:
    """The picture decoded and, where its kind of pixel allows it, scaled down."""
    # JPEG can leave out detail while it decodes: large photographs load in a quarter.
    picture.draft(None, (LONG_SIDE, LONG_SIDE))
    picture.load()
    if picture.mode == "1":  # a scan in black and white
        picture = _keeping_info(picture, picture.convert("L"))
    if picture.mode in _SCALABLE:  # Smaller first, so that converting takes less memory.
        picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return picture


def _to_rgb(picture: Pillow.Image) -> Pillow.Image:
    from PIL import Image as Pillow

    if picture.mode.startswith("I") or picture.mode == "F":
        return _keeping_info(picture, _from_wide(picture))
    in_srgb = _in_srgb(picture)
    if in_srgb.mode == "RGB" and not in_srgb.has_transparency_data:
        return _keeping_info(picture, in_srgb)
    if in_srgb.has_transparency_data:
        seen = in_srgb.convert("RGBA")
        seen.thumbnail((LONG_SIDE, LONG_SIDE))
        white = Pillow.new("RGBA", seen.size, "white")
        return _keeping_info(picture, Pillow.alpha_composite(white, seen).convert("RGB"))
    return _keeping_info(picture, in_srgb.convert("RGB"))


def _in_srgb(picture: Pillow.Image) -> Pillow.Image:
    """Its colours as a screen shows them: phones take wide gamuts, printers want CMYK."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if picture.mode == "LAB":
        return _converted(picture, ImageCms.createProfile("LAB"))
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).lower():
            return picture
        return _converted(picture, own)
    except (ImageCms.PyCMSError, OSError, ValueError):  # A damaged profile is no damaged picture.
        return picture


def _converted(picture: Pillow.Image, profile: Any) -> Pillow.Image:
    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(picture, profile, srgb, outputMode="RGB")
    assert converted is not None  # It changes in place only where it is asked to.
    return converted


def _from_wide(picture: Pillow.Image) -> Pillow.Image:
    """Greys of 16 or 32 bits, scaled to 8 by the depth that their values need."""
    from PIL import Image as Pillow

    pixels: Any = np.asarray(picture)
    if pixels.dtype not in (np.uint16, np.float32):
        pixels = pixels.astype(np.float32)
    grey = np.nan_to_num(shrink(pixels, LONG_SIDE).astype(np.float32))
    largest = float(grey.max())
    if picture.mode == "F" and largest <= 1:  # the convention of programs that work in floats
        grey *= 255.0
    elif largest > 255:
        grey *= 255.0 / next((depth for depth in _DEPTHS if largest <= depth), largest)
    return Pillow.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")


def _upright(picture: Pillow.Image) -> Pillow.Image:
    """Turned as the camera was held, by the EXIF orientation."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # A damaged EXIF block does not make the picture useless.
        return picture


def _keeping_info(picture: Pillow.Image, made: Pillow.Image) -> Pillow.Image:
    """What was made of a picture, with its EXIF block: the orientation stands in it."""
    made.info.setdefault("exif", picture.info.get("exif", b""))
    return made


def _check_size(name: str, size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise BadImage(_too_large(name, size, most))


def _too_large(name: str, size: tuple[int, int] | None, most: int) -> str:
    pixels = _("far too many") if size is None else f"{size[0]} x {size[1]}"
    return _(
        "{name} has {pixels} pixels; pictures of up to {most:.0f} megapixels of its kind are read. "
        "Save it smaller, or as an ordinary JPEG."
    ).format(name=name, pixels=pixels, most=most / 1e6)


def _damaged(name: str, error: Exception) -> str:
    words = str(error).lower()
    if any(sign in words for sign in ("truncat", "broken data stream", "end of file", "eof")):
        return _(
            "{name} is damaged: its end is missing. Copy it again from where it came, or have it "
            "sent again, as a file."
        ).format(name=name)
    return _("{name} is damaged ({reason}). Copy it again from where it came.").format(
        name=name, reason=error
    )
