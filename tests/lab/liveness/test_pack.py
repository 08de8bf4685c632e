"""Frames on their way to a graphics processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.pack import Pack, frame_row, on_canvas, read_pack, shown, write_pack
from kiosk.vision.canvas import CANVAS, canvas
from tests.lab.liveness.conftest import LANDMARKS, SIDE
from tools.drawn_faces.faces import synthetic_face


def test_what_is_written_is_read(pack: Pack, tmp_path: Path) -> None:
    write_pack(pack, tmp_path / "pack.npz")
    read = read_pack(tmp_path / "pack.npz")
    assert read.pictures == pack.pictures
    assert (read.names == pack.names).all()
    assert (read.image(3) == pack.image(3)).all()


def test_a_frame_comes_back_nearly_as_it_was() -> None:
    image = synthetic_face(0, SIDE)
    picture, rect = frame_row(image, LANDMARKS)
    one = np.array(["x"])
    pack = Pack(
        (picture,), np.array([rect], np.int16), one, one, one, one, one,
        np.zeros(1, np.float32), np.zeros(1, np.float32), np.zeros((1, 256), np.float16),
    )  # fmt: skip
    left, top, right, bottom = rect
    inner = (slice(top, bottom), slice(left, right))
    off = pack.image(0)[inner].astype(int) - canvas(image, LANDMARKS)[inner]
    assert np.abs(off).mean() < 3
    assert not pack.image(0)[:, :left].any()


def test_black_padding_is_not_shown() -> None:
    image = np.zeros((100, 120, 3), np.uint8)
    image[10:90, 30:110] = 120
    assert shown(image) == (30, 10, 110, 90)
    assert shown(np.zeros((50, 60, 3), np.uint8)) == (0, 0, 60, 50)


def test_the_shown_part_lies_inside_the_canvas() -> None:
    image = np.full((480, 640, 3), 99, np.uint8)
    for face in [(320.0, 240.0, 60.0), (0.0, 0.0, 300.0), (900.0, 90.0, 40.0)]:
        left, top, right, bottom = on_canvas(image, face)
        assert left >= 0
        assert right <= CANVAS
        assert top >= 0
        assert bottom <= CANVAS


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.npz").write_bytes(b"no pack")
    with pytest.raises(BadInput, match="liveness-pack"):
        read_pack(tmp_path / "pack.npz")
