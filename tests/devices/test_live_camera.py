"""Live cameras and all the ways in which they fail."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import cv2
import numpy as np
import pytest

from kiosk.devices.capture import open_stream
from kiosk.devices.live_camera import (
    LiveCamera,
    PictureWatch,
    device_camera,
    stream_camera,
)
from kiosk.domain.errors import CameraError
from tests.devices.fakes import FakeCapture, HandClock, RtspServer, Undecodable, noise, noises

BLACK = np.zeros((48, 64, 3), np.uint8)
STILL = noise()

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="cameras are files on Linux only")


def camera_of(script: Iterable[Any], clock: HandClock, **options: Any) -> LiveCamera:
    capture = FakeCapture(script, clock, **options)
    return device_camera(0, open_capture=lambda _: capture, clock=clock)


def read_until_error(camera: LiveCamera) -> tuple[int, str]:
    frames = 0
    while True:
        try:
            camera.read()
        except CameraError as error:
            return frames, str(error)
        frames += 1


def test_frames_carry_the_monotonic_clock_and_count_from_0() -> None:
    clock = HandClock()
    camera = camera_of(noises(10), clock)

    camera.open()
    frames = [camera.read() for _ in range(5)]

    assert camera.name == "Camera 0"
    assert camera.live
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert frames[-1].time == clock.now
    assert frames[1].time - frames[0].time == pytest.approx(1 / 30)


def test_pictures_become_rgb() -> None:
    bgr = noise()
    bgr[..., 0] = 250
    camera = camera_of(chain(noises(3), repeat(bgr)), HandClock())

    camera.open()
    image = camera.read().image

    assert (image[..., 2] == 250).all()
    assert image.flags.c_contiguous


@pytest.mark.parametrize("shape", [(48, 64), (48, 64, 1)])
def test_grey_cameras(shape: tuple[int, ...]) -> None:
    pictures = [noise(seed)[..., 0].reshape(shape) for seed in range(4)]
    camera = camera_of(pictures, HandClock())

    camera.open()

    assert camera.read().image.shape == (48, 64, 3)


def test_large_pictures_are_scaled_down() -> None:
    camera = camera_of(
        [np.full((2160, 3840, 3), 60 + step, np.uint8) for step in range(4)], HandClock()
    )

    camera.open()

    assert camera.read().image.shape == (720, 1280, 3)


def test_unplugged_in_mid_frame() -> None:
    camera = camera_of(noises(10), HandClock())

    camera.open()

    assert read_until_error(camera) == (
        7,
        "Camera 0 stopped sending pictures. Check that it is plugged in.",
    )


def test_a_damaged_picture_now_and_then_does_not_matter() -> None:
    damaged: list[Any] = [None, np.zeros((0, 0, 3), np.uint8), Undecodable(), BLACK * 1.0]
    camera = camera_of([*noises(4), *damaged, noise(9), cv2.error("lost"), noise(8)], HandClock())

    camera.open()
    camera.read()

    assert camera.read().index == 1
    assert camera.read().index == 2


def test_a_camera_that_answers_too_slowly_is_lost_in_seconds() -> None:
    clock = HandClock()
    camera = camera_of([*noises(4), None, None, None, None, None], clock, period=1.5)
    camera.open()
    camera.read()
    begun = clock.now

    frames, _ = read_until_error(camera)

    assert frames == 0
    assert clock.now - begun <= 3


def test_black_for_two_seconds() -> None:
    camera = camera_of(chain(noises(4), repeat(BLACK)), HandClock())

    camera.open()
    frames, sentence = read_until_error(camera)

    assert frames == pytest.approx(62, abs=2)
    assert sentence.startswith("Camera 0 sees only black. Take the cover off")


def test_a_short_blackout_passes() -> None:
    blackout = repeat(BLACK, 45)
    camera = camera_of(chain(noises(4), blackout, noises(30)), HandClock())

    camera.open()

    assert read_until_error(camera) == (4 - 3 + 45 + 30, camera._lost)


def test_frozen_for_three_seconds() -> None:
    camera = camera_of(chain(noises(4), repeat(STILL)), HandClock())

    camera.open()
    frames, sentence = read_until_error(camera)

    assert frames == pytest.approx(92, abs=2)
    assert "the very same picture for 3 seconds" in sentence


@pytest.mark.parametrize(("picture", "word"), [(BLACK, "black"), (STILL, "very same")])
def test_trying_again_does_not_look_like_success(picture: Any, word: str) -> None:
    clock = HandClock()
    captures = [FakeCapture(repeat(picture), clock), FakeCapture(noises(9), clock)]
    queue = iter(captures)
    camera = device_camera(0, open_capture=lambda _: next(queue), clock=clock)

    with pytest.raises(CameraError, match=word):
        camera.open()
    assert captures[0].released

    camera.open()
    assert camera.read().index == 0


def test_a_still_scene_over_the_network_is_not_frozen_at_once() -> None:
    clock = HandClock()
    capture = FakeCapture(repeat(STILL), clock)
    camera = stream_camera("rtsp://door/1", open_capture=lambda _: capture, clock=clock)

    camera.open()
    frames, sentence = read_until_error(camera)

    assert frames > 300
    assert "for 15 seconds" in sentence


def test_a_network_camera_of_whole_pictures_that_repeats_one_is_frozen_soon() -> None:
    clock = HandClock()
    capture = FakeCapture(repeat(STILL), clock)
    capture.whole_pictures = True  # type: ignore[attr-defined]
    camera = stream_camera("http://door/1", open_capture=lambda _: capture, clock=clock)

    camera.open()
    _, sentence = read_until_error(camera)

    assert "for 5 seconds" in sentence


@on_linux
def test_no_such_device(tmp_path: Path) -> None:
    camera = device_camera(
        3, open_capture=lambda _: FakeCapture([], opened=False), devices=tmp_path
    )

    with pytest.raises(CameraError, match=r"There is no camera at .*video3\. Plug one in"):
        camera.open()


@on_linux
@pytest.mark.parametrize("opened", [True, False])
def test_busy(tmp_path: Path, opened: bool) -> None:
    (tmp_path / "video0").touch()
    capture = FakeCapture([], opened=opened)
    camera = device_camera(0, open_capture=lambda _: capture, devices=tmp_path)

    with pytest.raises(CameraError, match=r"Camera 0 gives no picture\. Close other programs"):
        camera.open()
    assert capture.released


@on_linux
def test_not_permitted(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()
    camera = device_camera(
        0,
        open_capture=lambda _: FakeCapture([], opened=False),
        devices=tmp_path,
        may_use=lambda _: False,
    )

    with pytest.raises(CameraError, match=r"may not be used by this account.*group 'video'"):
        camera.open()


@on_linux
def test_a_device_by_its_path(tmp_path: Path) -> None:
    node = tmp_path / "usb-Webcam-index0"
    camera = device_camera(str(node), open_capture=lambda _: FakeCapture([], opened=False))

    assert camera.name == "usb-Webcam-index0"
    with pytest.raises(CameraError, match=r"There is no camera at .*usb-Webcam"):
        camera.open()


@on_linux
def test_the_real_opener_of_a_device_that_is_not_there() -> None:
    camera = device_camera(97)

    with pytest.raises(CameraError, match="video97"):
        camera.open()
    camera.close()


def test_a_small_change_is_not_frozen() -> None:
    watch = PictureWatch("Camera 0")
    for step in range(200):
        image = STILL.copy()
        image[0, 0] = step % 2
        assert watch.problem(image, step / 30) is None


@pytest.mark.parametrize("sign", list("#?/@: %\\"))
def test_a_password_with_any_sign_in_it_is_never_shown_and_reaches_the_camera(sign: str) -> None:
    opened: list[str] = []

    def open_capture(source: str | int) -> FakeCapture:
        opened.append(str(source))
        return FakeCapture([], opened=False)

    password = f"Sommer{sign}Zeit!"
    camera = stream_camera(f"rtsp://admin:{password}@10.0.0.5:554/ch1", open_capture=open_capture)
    with pytest.raises(CameraError) as caught:
        camera.open()

    strict = urlsplit(opened[0])
    assert (strict.username, unquote(strict.password or "")) == ("admin", password)
    assert (strict.hostname, strict.port, strict.path) == ("10.0.0.5", 554, "/ch1")
    sentence = str(caught.value)
    assert sentence.startswith("rtsp://10.0.0.5:554 does not answer")
    assert "# as %23" in sentence
    assert not [
        secret for secret in ("Sommer", "2026", "admin") if secret in sentence + camera.name
    ]


@pytest.mark.timeout(20)
def test_a_network_camera_over_tcp_and_its_end() -> None:
    with RtspServer(frames=25) as server:
        camera = stream_camera(
            f"rtsp://admin:geheim@127.0.0.1:{server.port}/live",
            open_capture=partial(open_stream, timeout=0.7),
        )
        camera.open()
        frame = camera.read()
        frames, sentence = read_until_error(camera)
        camera.close()

    assert server.transports == ["RTP/AVP/TCP;unicast;interleaved=0-1"]
    assert frame.image.shape == (48, 64, 3)
    assert 60 < frame.image.mean() < 200
    assert frames > 10
    assert "stopped sending pictures" in sentence
    assert "geheim" not in sentence


@pytest.mark.timeout(20)
@pytest.mark.parametrize("digest", [False, True])
def test_a_password_with_every_sign_in_it_opens_a_network_camera(digest: bool) -> None:
    login = "admin:So#m/m?er@ 1:2%zü"
    with RtspServer(login=login, digest=digest) as server:
        camera = stream_camera(
            f"rtsp://{login}@127.0.0.1:{server.port}/live",
            open_capture=partial(open_stream, timeout=2.0),
        )
        camera.open()
        frame = camera.read()
        camera.close()
        name = f"rtsp://127.0.0.1:{server.port}"

    assert frame.image.shape == (48, 64, 3)
    assert camera.name == name


@pytest.mark.timeout(20)
def test_a_network_camera_that_says_nothing() -> None:
    with RtspServer(silent=True) as server:
        camera = stream_camera(
            f"rtsp://admin:geheim@127.0.0.1:{server.port}/live",
            open_capture=partial(open_stream, timeout=0.3),
        )
        with pytest.raises(CameraError, match="does not answer") as caught:
            camera.open()

    assert "geheim" not in str(caught.value)


@pytest.mark.timeout(20)
def test_an_unreachable_network_camera() -> None:
    camera = stream_camera("rtsp://127.0.0.1:9/live", open_capture=partial(open_stream, timeout=1))

    with pytest.raises(CameraError, match=r"rtsp://127\.0\.0\.1:9 does not answer"):
        camera.open()
