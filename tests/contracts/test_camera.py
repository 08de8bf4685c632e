"""What every camera must do, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.devices.capture import open_stream
from kiosk.devices.http_camera import http_camera, open_http
from kiosk.devices.image_folder import ImageFolder
from kiosk.devices.live_camera import device_camera, stream_camera
from kiosk.devices.turned import TurnedCamera
from kiosk.devices.video_file import VideoFile
from kiosk.domain.errors import CameraError
from kiosk.domain.ports import Camera
from tests.devices.fakes import FakeCapture, HandClock, RtspServer, noise, noises, write_video
from tests.devices.http_server import HttpCamera

Make = Callable[[], Camera]


@pytest.fixture(
    params=[
        *("video", "video in real time", "folder", "folder in real time", "picture"),
        *("device", "network", "http stream", "http snapshots", "turned"),
    ]
)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes a camera that is well, of each kind."""
    kind = str(request.param)
    clock = HandClock()
    realtime = kind.endswith("real time")
    if kind.startswith("video"):
        path = tmp_path / "clip.avi"
        write_video(path, noises(5))
        yield lambda: VideoFile(path, realtime=realtime, clock=clock, sleep=clock.sleep)
    elif kind == "turned":
        path = tmp_path / "clip.avi"
        write_video(path, [noise(seed, 48, 64) for seed in range(5)])
        yield lambda: TurnedCamera(VideoFile(path, realtime=False), 90)
    elif kind == "device":
        pictures = noises(50)
        yield lambda: device_camera(
            0, open_capture=lambda _: FakeCapture(pictures, clock), clock=clock
        )
    elif kind == "network":
        with RtspServer() as server:
            address = f"rtsp://admin:geheim@127.0.0.1:{server.port}/live"
            opener = partial(open_stream, timeout=2.0)
            yield lambda: stream_camera(address, open_capture=opener)
    elif kind.startswith("http"):
        with HttpCamera(login="digest") as http:
            path = "/video" if kind == "http stream" else "/shot.jpg"
            address = http.url(path, f"{http.user}:{http.password}")
            opener = partial(open_http, timeout=2.0, sleep=lambda _: None)
            yield lambda: http_camera(address, open_capture=opener)
    else:
        for number in range(2):
            Pillow.fromarray(noise(number)).save(tmp_path / f"geheim{number}.png")
        path = tmp_path / "geheim0.png" if kind == "picture" else tmp_path
        yield lambda: ImageFolder(path, realtime=realtime, clock=clock, sleep=clock.sleep)


def test_frames_are_rgb_and_move_forward(make: Make) -> None:
    camera = make()
    camera.open()
    try:
        frames = [frame for _ in range(5) if (frame := camera.read()) is not None]
    finally:
        camera.close()

    assert len(frames) == 5
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    times = [frame.time for frame in frames]
    assert times == sorted(set(times))
    for frame in frames:
        assert frame.image.dtype == np.uint8
        assert frame.image.shape == (48, 64, 3)
        assert frame.image.flags.c_contiguous


def test_the_name_has_no_secret(make: Make) -> None:
    name = make().name

    assert name
    assert "admin" not in name
    assert "/" not in name.removeprefix("rtsp://").removeprefix("http://")


def test_a_live_camera_never_ends_and_a_file_does(make: Make) -> None:
    camera = make()
    camera.open()
    try:
        ended = any(camera.read() is None for _ in range(25))
        again = None if not ended else camera.read()
    finally:
        camera.close()

    assert ended is not camera.live
    assert again is None


def test_closing_is_harmless_at_any_time(make: Make) -> None:
    camera = make()
    camera.close()
    camera.open()
    camera.close()
    camera.close()


def test_reading_a_closed_camera_is_an_error(make: Make) -> None:
    camera = make()
    with pytest.raises(CameraError, match="is not open"):
        camera.read()


def test_it_opens_again_after_closing(make: Make) -> None:
    camera = make()
    for _ in range(2):
        camera.open()
        assert camera.read() is not None
        camera.close()


def test_opening_twice_begins_anew(make: Make) -> None:
    camera = make()
    camera.open()
    camera.open()
    assert camera.read() is not None
    camera.close()
