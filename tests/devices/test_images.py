"""Picture files: everything that people may hand over, and how it is refused."""

from __future__ import annotations

import contextlib
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.devices.decode import LONG_SIDE
from kiosk.devices.images import image_files, load_image, natural_order
from kiosk.domain.errors import BadImage, BadInput

RED_LEFT = np.zeros((40, 60, 3), np.uint8)
RED_LEFT[:, :30] = (200, 30, 30)
RED_LEFT[:, 30:] = (30, 30, 200)


def save(path: Path, picture: Pillow.Image, **options: Any) -> Path:
    picture.save(path, **options)
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tif", "gif", "ppm"])
def test_every_format_keeps_its_colours(tmp_path: Path, suffix: str) -> None:
    path = save(tmp_path / f"face.{suffix}", Pillow.fromarray(RED_LEFT))

    image = load_image(path)

    assert image.shape == (40, 60, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert image.flags.writeable
    assert np.abs(image[20, 10].astype(int) - RED_LEFT[20, 10]).max() < 25
    assert np.abs(image[20, 50].astype(int) - RED_LEFT[20, 50]).max() < 25


@pytest.mark.parametrize("name", ["Grüße 🙂.png", "写真.png", "имя.png", "a'b\"c;--.png"])
def test_unicode_names(tmp_path: Path, name: str) -> None:
    assert load_image(save(tmp_path / name, Pillow.fromarray(RED_LEFT))).shape == (40, 60, 3)


def test_the_content_counts_not_the_name(tmp_path: Path) -> None:
    path = save(tmp_path / "face.jpg", Pillow.fromarray(RED_LEFT), format="PNG")

    assert (load_image(path) == RED_LEFT).all()


def test_greyscale(tmp_path: Path) -> None:
    grey = Pillow.fromarray(np.full((10, 20), 77, np.uint8))

    assert (load_image(save(tmp_path / "grey.png", grey)) == 77).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_becomes_white(tmp_path: Path, mode: str) -> None:
    picture = Pillow.new("RGBA", (20, 10), (0, 0, 0, 0))
    picture.paste((90, 90, 90, 255), (0, 0, 10, 10))
    path = tmp_path / "face.png"
    if mode == "PA":
        picture.quantize(8).save(path)
    else:
        picture.convert(mode).save(path)

    image = load_image(path)

    assert (image[5, 5] == 90).all()
    assert (image[5, 15] == 255).all()


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bits_become_eight(tmp_path: Path, suffix: str) -> None:
    wide = Pillow.fromarray(np.full((10, 20), 128 * 257, np.uint16))

    image = load_image(save(tmp_path / f"wide.{suffix}", wide))

    assert image.shape == (10, 20, 3)
    assert (image == 128).all()


def test_floats_keep_values_that_fit(tmp_path: Path) -> None:
    floats = Pillow.fromarray(np.array([[0.0, 100.0, np.nan, -5.0]], np.float32))

    image = load_image(save(tmp_path / "float.tif", floats))

    assert image[0, :, 0].tolist() == [0, 100, 0, 0]


def test_cmyk(tmp_path: Path) -> None:
    cmyk = Pillow.fromarray(RED_LEFT).convert("CMYK")

    image = load_image(save(tmp_path / "print.jpg", cmyk, quality=95))

    assert image[20, 10, 0] > 150
    assert image[20, 10, 2] < 80


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_pictures_are_turned_upright(tmp_path: Path, suffix: str) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6  # the camera was turned: shown upright, the left side is on top
    path = save(tmp_path / f"face.{suffix}", Pillow.fromarray(RED_LEFT), exif=exif)

    image = load_image(path)

    assert image.shape == (60, 40, 3)
    assert image[10, 20, 0] > 150
    assert image[50, 20, 2] > 150


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK"])
def test_other_colour_modes_are_turned_too(tmp_path: Path, mode: str) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 8
    picture = Pillow.fromarray(RED_LEFT).convert(mode)
    suffix = "png" if mode == "RGBA" else "jpg"

    assert load_image(save(tmp_path / f"f.{suffix}", picture, exif=exif)).shape == (60, 40, 3)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01", b"Exif\0\0M\xf9\0*\0\0\0\x08\0\x02\x01"]
)
def test_damaged_exif_does_not_matter(tmp_path: Path, suffix: str, exif: bytes) -> None:
    path = save(tmp_path / f"face.{suffix}", Pillow.fromarray(RED_LEFT), exif=exif)

    assert load_image(path).shape == (40, 60, 3)


def test_large_photographs_are_scaled_down(tmp_path: Path) -> None:
    path = save(tmp_path / "large.jpg", Pillow.new("RGB", (5000, 4000), "teal"))

    assert load_image(path).shape == (LONG_SIDE * 4 // 5, LONG_SIDE, 3)


def test_a_large_palette_picture_is_scaled_down(tmp_path: Path) -> None:
    path = save(tmp_path / "large.gif", Pillow.new("P", (2500, 100)))

    assert load_image(path).shape == (80, LONG_SIDE, 3)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge and has next to nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 20_000, 60_000])
def test_a_huge_picture_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(side, side))

    with pytest.raises(BadImage, match=r"bomb.png has .* pixels; .* 50 megapixels"):
        load_image(path)


def test_a_long_and_narrow_picture_is_read(tmp_path: Path) -> None:
    path = save(tmp_path / "strip.png", Pillow.new("RGB", (20_000, 2)))

    assert load_image(path).shape == (1, LONG_SIDE, 3)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(300_000_000)  # sparse: takes no room

    with pytest.raises(BadImage, match="300 MB"):
        load_image(path)


def encoded(kind: str) -> bytes:
    random = np.random.default_rng(1)
    out = BytesIO()
    Pillow.fromarray(random.integers(0, 255, (120, 120, 3), np.uint8)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("share", [0.0005, 0.01, 0.5, 0.9])
def test_truncated_files_are_refused(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / "face.jpg"
    data = encoded(kind)
    path.write_bytes(data[: max(1, int(len(data) * share))])

    with pytest.raises(BadImage, match=r"^face.jpg is (damaged|not a picture)"):
        load_image(path)


def test_flipped_bytes_never_crash(tmp_path: Path) -> None:
    path = tmp_path / "face"
    random = np.random.default_rng(2)
    for kind in ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"):
        whole = np.frombuffer(encoded(kind), np.uint8)
        for _ in range(20):
            data = whole.copy()
            where = random.integers(0, min(len(data), 600), 5)
            data[where] = random.integers(0, 255, 5)
            path.write_bytes(data.tobytes())
            # A picture or a sentence: any other exception would fail the test.
            with contextlib.suppress(BadImage):
                assert load_image(path).ndim == 3


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.touch()

    with pytest.raises(BadImage, match=r"face\.jpg is empty"):
        load_image(path)


@pytest.mark.parametrize(
    "data", [b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\0" * 100, b"\xff\xd8\xff"]
)
def test_what_is_no_picture(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notes.jpg"
    path.write_bytes(data)

    with pytest.raises(BadImage, match=r"notes\.jpg is not a picture"):
        load_image(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadImage, match=r"There is no file .*nobody\.jpg"):
        load_image(tmp_path / "nobody.jpg")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(BadImage, match="is a folder"):
        load_image(tmp_path)


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(BadImage, match="can't be read: File name too long"):
        load_image(tmp_path / ("a" * 500))
    with pytest.raises(BadImage, match="can't be a file's name"):
        load_image(tmp_path / "a\0b.jpg")


def test_image_files_are_in_natural_order(tmp_path: Path) -> None:
    for name in ("b10.jpg", "b2.JPG", "A1.png", "notes.txt", ".hidden.jpg"):
        (tmp_path / name).touch()
    (tmp_path / "folder.jpg").mkdir()

    assert [path.name for path in image_files(tmp_path)] == ["A1.png", "b2.JPG", "b10.jpg"]


def test_natural_order_of_mixed_names() -> None:
    names = ["10", "a", "2", "", "a1b2", "a1b10", "²"]

    ordered = [str(path) for path in natural_order(Path(name) for name in names)]

    assert ordered == [".", "2", "10", "a", "a1b2", "a1b10", "²"]


def test_a_folder_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Expected a folder that can be read"):
        image_files(tmp_path / "missing")
