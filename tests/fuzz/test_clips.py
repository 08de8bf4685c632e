"""Clips: MP4, AVI and Matroska, damaged anywhere."""

from __future__ import annotations

from functools import cache
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pytest
from hypothesis import given

from kiosk.devices.camera import open_camera
from kiosk.devices.capture import LONG_SIDE
from kiosk.domain.errors import BadInput, CameraError
from tests.devices.fakes import noises
from tests.fuzz.inputs import check_sentence, fuzzed, one_of_damaged

FRAMES = 12
KINDS = (("avi", "MJPG"), ("mp4", "mp4v"), ("mkv", "MJPG"), ("webm", "VP80"))


@cache
def clip(suffix: str, codec: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = f"{folder}/clip.{suffix}"
        writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*codec), 10, (64, 48))
        for picture in noises(FRAMES):
            writer.write(picture)
        writer.release()
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()


@fuzzed(5)
@given(data=one_of_damaged(clip(*kind) for kind in KINDS))
def test_damaged_clips(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "clip.mp4"
    path.write_bytes(data)
    seen = 0
    try:
        camera = open_camera(str(path), realtime=False)
        camera.open()
        last = -1.0
        while (frame := camera.read()) is not None:
            assert frame.image.dtype == np.uint8
            assert max(frame.image.shape) <= LONG_SIDE
            assert frame.time > last, "time goes forward"
            last = frame.time
            seen += 1
            assert seen < 20 * FRAMES, "it never ends"
        camera.close()
    except (BadInput, CameraError) as error:
        check_sentence(error, "clip.mp4")
