"""Picture files: all formats, damaged anywhere, and headers that lie."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms

from kiosk.devices.decode import LONG_SIDE
from kiosk.devices.images import load_image
from kiosk.domain.errors import BadImage
from tests.fuzz.inputs import check_sentence, damaged, fuzzed, one_of_damaged

KINDS = (
    "JPEG",
    "progressive",
    "PNG",
    "WEBP",
    "GIF",
    "TIFF",
    "BMP",
    "AVIF",
    "JPEG2000",
    "PPM",
    "HEIC",
)


@cache
def encoded(kind: str) -> bytes:
    """A small picture with all that comes with one: EXIF, a colour profile, noise."""
    random = np.random.default_rng(1)
    picture = Pillow.fromarray(random.integers(0, 255, (40, 60, 3), np.uint8))
    exif = Pillow.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    out = BytesIO()
    about = {"exif": exif.tobytes()} if kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF") else {}
    if kind in ("JPEG", "PNG", "WEBP"):
        about["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if kind == "HEIC":
        pillow_heif.from_pillow(picture).save(out)
    elif kind == "progressive":
        picture.save(out, "JPEG", progressive=True, exif=exif.tobytes())
    else:
        picture.save(out, kind, **about)
    return out.getvalue()


def holds(folder: Path, data: bytes) -> None:
    path = folder / "face.jpg"
    path.write_bytes(data)
    try:
        image = load_image(path)
    except BadImage as error:
        check_sentence(error, "face.jpg ")
        return
    assert image.dtype == np.uint8
    assert image.shape[2] == 3
    assert 0 < max(image.shape[:2]) <= LONG_SIDE


@fuzzed(20)
@given(data=one_of_damaged(map(encoded, KINDS)))
def test_damaged_pictures(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    holds(tmp_path_factory.getbasetemp(), data)


@fuzzed(4)
@given(st.binary(max_size=300))
def test_what_is_no_picture(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    holds(tmp_path_factory.getbasetemp(), data)


def _exif_of(kind: str, exif: bytes) -> bytes:
    out = BytesIO()
    Pillow.new("RGB", (60, 40), "teal").save(out, kind, exif=exif)
    return out.getvalue()


_EXIF = Pillow.Exif()
_EXIF[0x0112], _EXIF[0x010E], _EXIF[0x0132] = 6, "x" * 20, "2026:01:01 00:00:00"


@fuzzed(5)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), damaged(_EXIF.tobytes()))
def test_damaged_exif(tmp_path_factory: pytest.TempPathFactory, kind: str, exif: bytes) -> None:
    """The picture itself is whole: it is read, turned or not."""
    if kind == "JPEG" and len(exif) > 60_000:
        return
    path = tmp_path_factory.getbasetemp() / "face.jpg"
    path.write_bytes(_exif_of(kind, exif))
    assert sorted(load_image(path).shape) == [3, 40, 60]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_SIDE = st.one_of(st.integers(0, 3000), st.sampled_from([0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF]))


@fuzzed(4)
@given(
    _SIDE, _SIDE, st.sampled_from([1, 2, 4, 8, 16, 3]), st.integers(0, 7), st.integers(0, 1),
    st.binary(max_size=200),
)  # fmt: skip
def test_png_headers_that_lie(
    tmp_path_factory: pytest.TempPathFactory,
    width: int, height: int, depth: int, colour: int, interlaced: int, rows: bytes,
) -> None:  # fmt: skip
    """All sums are right: only the sizes are not."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    holds(tmp_path_factory.getbasetemp(), b"\x89PNG\r\n\x1a\n" + parts)


@fuzzed(4)
@given(st.sampled_from(["JPEG", "GIF", "BMP", "WEBP"]), _SIDE, _SIDE)
def test_other_headers_that_lie(
    tmp_path_factory: pytest.TempPathFactory, kind: str, width: int, height: int
) -> None:
    data = bytearray(encoded(kind))
    if kind == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
    elif kind == "GIF":
        data[6:10] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
    elif kind == "BMP":
        data[18:26] = struct.pack("<II", width & 0xFFFFFFFF, height & 0xFFFFFFFF)
    else:
        at = data.index(b"VP8X") + 12
        data[at : at + 6] = (width & 0xFFFFFF).to_bytes(3, "little") + (height & 0xFFFFFF).to_bytes(
            3, "little"
        )
    holds(tmp_path_factory.getbasetemp(), bytes(data))
