"""Pictures as phones, scanners, printers and messengers make them, and what only looks like one."""

from __future__ import annotations

import os
import socket
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from kiosk.devices.images import image_files, load_image
from kiosk.domain.errors import BadImage

TALL = np.zeros((60, 40, 3), np.uint8)
TALL[:30] = (200, 30, 30)
TALL[30:] = (30, 30, 200)


def picture(mode: str = "RGB") -> Pillow.Image:
    """Red above blue, upright."""
    return Pillow.fromarray(TALL).convert(mode)


def assert_red_above_blue(image: np.ndarray[Any, Any], tolerance: int = 40) -> None:
    assert image.shape == (60, 40, 3)
    assert np.abs(image[15, 20].astype(int) - TALL[15, 20]).max() <= tolerance
    assert np.abs(image[45, 20].astype(int) - TALL[45, 20]).max() <= tolerance


def heic(made: Pillow.Image, **options: Any) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(made).save(out, quality=90, **options)
    return out.getvalue()


def encoded(made: Pillow.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def turned_exif() -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    return exif


KINDS = {
    "heic": lambda: heic(picture()),
    "heic with transparency": lambda: heic(picture("RGBA")),
    "avif": lambda: encoded(picture(), "AVIF"),
    "jpeg 2000": lambda: encoded(picture(), "JPEG2000"),
    "jpeg 2000 stream": lambda: encoded(picture(), "JPEG2000", no_jp2=True),
    "progressive jpeg": lambda: encoded(picture(), "JPEG", progressive=True, quality=95),
    "portrait photo": lambda: encoded(
        picture(), "MPO", save_all=True, append_images=[Pillow.new("RGB", (40, 60))], quality=95
    ),
    "palette png": lambda: encoded(picture().quantize(8), "PNG"),
    "interlaced animation": lambda: encoded(
        picture(), "GIF", save_all=True, append_images=[Pillow.new("RGB", (40, 60))]
    ),
    "webp animation": lambda: encoded(
        picture(), "WEBP", save_all=True, append_images=[Pillow.new("RGB", (40, 60))], lossless=True
    ),
    "animated png": lambda: encoded(
        picture(), "PNG", save_all=True, append_images=[Pillow.new("RGB", (40, 60))]
    ),
    "tiff of two pages": lambda: encoded(
        picture(), "TIFF", save_all=True, append_images=[Pillow.new("RGB", (40, 60))]
    ),
    "tiff with jpeg in it": lambda: encoded(picture(), "TIFF", compression="jpeg", quality=95),
    "tiff with lzw": lambda: encoded(picture(), "TIFF", compression="tiff_lzw"),
    "cmyk tiff": lambda: encoded(picture("CMYK"), "TIFF"),
    "lab tiff": lambda: encoded(lab(), "TIFF"),
    "turned heic": lambda: heic(
        picture().transpose(Pillow.Transpose.ROTATE_90), exif=turned_exif().tobytes()
    ),
    "turned avif": lambda: encoded(
        picture().transpose(Pillow.Transpose.ROTATE_90), "AVIF", exif=turned_exif()
    ),
    "turned jpeg": lambda: encoded(
        picture().transpose(Pillow.Transpose.ROTATE_90), "JPEG", exif=turned_exif(), quality=95
    ),
}


def lab() -> Pillow.Image:
    made = ImageCms.profileToProfile(
        picture(),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert made is not None
    return made


@pytest.mark.parametrize("name", ["IMG_0001.JPG", "photo.heic", "scan", "PHOTO.PNG", "a.gif"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_whatever_it_is_called(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(KINDS[kind]())

    assert_red_above_blue(load_image(tmp_path / name))


@pytest.mark.parametrize(("depth", "value"), [(10, 1023), (12, 4095), (14, 16383), (16, 65535)])
def test_sensors_of_any_depth_are_as_bright_as_they_were(
    tmp_path: Path, depth: int, value: int
) -> None:
    grey = np.full((60, 40), value // 2, np.uint16)
    grey[0, 0] = value
    Pillow.fromarray(grey).save(tmp_path / "sensor.tif")

    assert abs(int(load_image(tmp_path / "sensor.tif")[30, 20, 0]) - 127) <= 1


def test_floats_from_0_to_1(tmp_path: Path) -> None:
    Pillow.fromarray(np.full((60, 40), 0.5, np.float32)).save(tmp_path / "float.tif")

    assert abs(int(load_image(tmp_path / "float.tif")[30, 20, 0]) - 127) <= 1


def test_sixteen_bits_a_colour(tmp_path: Path) -> None:
    import cv2

    wide = TALL[..., ::-1].astype(np.uint16) * 257
    for name in ("wide.png", "wide.tif"):
        assert cv2.imwrite(str(tmp_path / name), wide)
        assert_red_above_blue(load_image(tmp_path / name), tolerance=2)


def test_grey_with_transparency_and_scans_in_black_and_white(tmp_path: Path) -> None:
    picture("LA").save(tmp_path / "la.png")
    Pillow.new("1", (40, 60), 1).save(tmp_path / "fax.tif", compression="group4")

    assert load_image(tmp_path / "la.png").shape == (60, 40, 3)
    assert (load_image(tmp_path / "fax.tif") == 255).all()


def test_a_jpeg_of_printers_in_ycck(tmp_path: Path) -> None:
    # The planes of a CMYK file, said to be YCCK: printers' inks are
    # stored inverted, so that red stands there as its opposite.
    flat = Pillow.merge("CMYK", [Pillow.new("L", (40, 60), 255 - v) for v in (179, 171, 1, 255)])
    data = encoded(flat, "JPEG", quality=95)
    adobe = data.index(b"Adobe") + 11
    assert data[adobe] == 0
    (tmp_path / "print.jpg").write_bytes(data[:adobe] + b"\x02" + data[adobe + 1 :])

    image = load_image(tmp_path / "print.jpg")

    assert image[30, 20, 0] > 230
    assert image[30, 20, 1:].max() < 40


def test_wide_gamuts_become_the_colours_that_were_seen(tmp_path: Path) -> None:
    red_in_srgb = np.full((60, 40, 3), (200, 60, 60), np.uint8)
    wide = tmp_path / "wide.icc"
    # A profile whose primaries are swapped: what it calls blue is shown as red.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    data = bytearray(profile.tobytes())
    table = data[128 + 4 :]
    at = {bytes(table[i : i + 4]): 128 + 4 + i for i in range(0, 12 * 20, 12)}
    red, blue = at[b"rXYZ"], at[b"bXYZ"]
    data[red + 4 : red + 12], data[blue + 4 : blue + 12] = (
        data[blue + 4 : blue + 12],
        data[red + 4 : red + 12],
    )
    data = data.replace("sRGB".encode("utf-16-be"), "Ours".encode("utf-16-be"))
    wide.write_bytes(data)
    swapped = Pillow.fromarray(red_in_srgb[..., ::-1].copy())
    swapped.save(tmp_path / "wide.png", icc_profile=bytes(data))
    swapped.save(tmp_path / "damaged.png", icc_profile=b"no profile")

    assert np.abs(load_image(tmp_path / "wide.png").astype(int) - red_in_srgb).max() <= 3
    assert (load_image(tmp_path / "damaged.png") == red_in_srgb[..., ::-1]).all()


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", r"but a PDF\. Save the picture itself"),
        (b"\xef\xbb\xbf <!DOCTYPE html><html>", "but a web page.*log-in"),
        (b"<!-- saved -->\n<html lang=de>", "but a web page"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'>", "drawing program's file"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", r"but a video.*Live Photo.*\.HEIC or \.JPG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "but a video"),
        (b"\x1a\x45\xdf\xa3" + b"\x01" * 90, "but a video"),
        (b"RIFF\0\0\0\0AVI LIST", "but a video"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "raw file. Export it as JPEG"),
        (b"II*\0\x10\0\0\0CR\x02\0" + b"\0" * 90, "raw file. Export it as JPEG"),
        (b"FUJIFILMCCD-RAW 0201", "raw file"),
        (b"8BPS\0\x01", "drawing program's file"),
        (b"PK\x03\x04\x14\0", "archive or an Office document"),
        (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "what a Mac keeps"),
        (b"\xff\x0a\x01\x02", "JPEG XL"),
        (b"ID3\x04\0", "a sound"),
        ("Grüße aus Köln, Bild folgt.".encode(), "but a text"),
        (b"\0" * 5000, "only zeros"),
        (b"\x01\x02\x03\x04\x05", r"that can be read\. Use JPEG, HEIC"),
    ],
)
def test_what_only_is_called_a_picture_is_said_to_be_what_it_is(
    tmp_path: Path, data: bytes, remedy: str
) -> None:
    (tmp_path / "IMG_0001.JPG").write_bytes(data)

    with pytest.raises(BadImage, match=rf"^IMG_0001\.JPG is not a picture.*{remedy}"):
        load_image(tmp_path / "IMG_0001.JPG")


@pytest.mark.parametrize("name", ["DSC_0001.NEF", "photo.dng", "renamed.jpg"])
def test_raw_files_that_look_like_a_tiff_are_not_taken_for_their_thumbnail(
    tmp_path: Path, name: str
) -> None:
    made = picture()
    version = {50706: b"\x01\x04\x00\x00"} if name == "renamed.jpg" else {}
    made.save(tmp_path / name, "TIFF", tiffinfo=version)

    with pytest.raises(BadImage, match=r"raw file\. Export it as JPEG"):
        load_image(tmp_path / name)


@pytest.mark.parametrize("kind", ["heic", "avif", "progressive jpeg"])
def test_what_a_messenger_cut_off_says_so(tmp_path: Path, kind: str) -> None:
    whole = KINDS[kind]()
    (tmp_path / "photo.jpg").write_bytes(whole[: int(len(whole) * 0.7)])

    with pytest.raises(BadImage, match=r"photo\.jpg is damaged.*Copy it again"):
        load_image(tmp_path / "photo.jpg")


def test_the_missing_end_is_named(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    data = encoded(Pillow.fromarray(noise), "JPEG")
    (tmp_path / "photo.jpg").write_bytes(data[: len(data) // 2])

    with pytest.raises(BadImage, match="is damaged: its end is missing"):
        load_image(tmp_path / "photo.jpg")


def test_a_huge_heic_is_refused_by_its_header(tmp_path: Path) -> None:
    data = heic(picture())
    size = data.index(b"ispe") + 8
    huge = (60_000).to_bytes(4, "big") * 2
    (tmp_path / "bomb.heic").write_bytes(data[:size] + huge + data[size + 8 :])

    with pytest.raises(BadImage, match=r"bomb\.heic (has .* pixels|is damaged)"):
        load_image(tmp_path / "bomb.heic")


def test_a_huge_progressive_jpeg_is_refused(tmp_path: Path) -> None:
    data = encoded(picture(), "JPEG", progressive=True)
    size = data.index(b"\xff\xc2") + 5
    huge = (60_000).to_bytes(2, "big") * 2
    (tmp_path / "bomb.jpg").write_bytes(data[:size] + huge + data[size + 4 :])

    with pytest.raises(BadImage, match="60000 x 60000 pixels; pictures of up to 120 megapixels"):
        load_image(tmp_path / "bomb.jpg")


@pytest.mark.skipif(sys.platform == "win32", reason="no such files on Windows")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "s.jpg"))

    for name, kind in (("pipe.jpg", "a pipe"), ("zero.jpg", "a device"), ("s.jpg", "a socket")):
        with pytest.raises(BadImage, match=rf"{name} is {kind}, not a file"):
            load_image(tmp_path / name)
    assert len(image_files(tmp_path)) == 3  # so that they are refused by name


@pytest.mark.parametrize("name", ["photo.heic", "IMG_0001.JPG"])
def test_the_pictures_of_an_iphone(shared: Path, name: str) -> None:
    assert load_image(shared / "cases" / "08-heic" / name).shape[2] == 3
